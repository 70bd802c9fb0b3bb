/// What two threads may see of a promise without a loop.
@org.jspecify.annotations.NullUnmarked
package dev.thrum.promise;
