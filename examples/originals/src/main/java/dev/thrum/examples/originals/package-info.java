/// The five programs of the originals' pages on threading.
@org.jspecify.annotations.NullMarked
package dev.thrum.examples.originals;
