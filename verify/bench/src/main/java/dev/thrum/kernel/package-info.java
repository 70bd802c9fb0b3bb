/// What is measured inside the kernel.
@org.jspecify.annotations.NullUnmarked
package dev.thrum.kernel;
