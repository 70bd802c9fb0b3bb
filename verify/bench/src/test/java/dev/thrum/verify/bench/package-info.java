@org.jspecify.annotations.NullMarked
package dev.thrum.verify.bench;
