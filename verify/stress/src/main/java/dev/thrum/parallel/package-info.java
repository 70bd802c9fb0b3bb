/// What two threads may see of each other through a value that one of them computes, and through a queue.
@org.jspecify.annotations.NullUnmarked
package dev.thrum.parallel;
