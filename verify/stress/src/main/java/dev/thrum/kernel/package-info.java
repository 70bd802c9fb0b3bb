/// What two threads may see of each other inside the kernel.
@org.jspecify.annotations.NullUnmarked
package dev.thrum.kernel;
