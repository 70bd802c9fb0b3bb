/// Runs Jazzer on the entrances that the tests of the rooms have for it.
@org.jspecify.annotations.NullMarked
package dev.thrum.verify.fuzz;
