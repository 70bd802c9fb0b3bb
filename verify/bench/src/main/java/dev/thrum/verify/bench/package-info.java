/// What Thrum costs, beside its peers.
@org.jspecify.annotations.NullMarked
package dev.thrum.verify.bench;
