/// Clients and servers of `nc` and `socat`, against ours.
@org.jspecify.annotations.NullMarked
package dev.thrum.verify.netcat;
