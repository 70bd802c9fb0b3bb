/// The numbered rules of `docs/conformance.md`, and what holds across rooms.
@org.jspecify.annotations.NullMarked
package dev.thrum.verify.conformance;
