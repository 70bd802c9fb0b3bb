/// What two threads may see of each other at the edge of a loop.
@org.jspecify.annotations.NullUnmarked
package dev.thrum.loop;
