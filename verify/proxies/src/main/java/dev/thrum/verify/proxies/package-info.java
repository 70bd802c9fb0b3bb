/// Proxies, run in front of servers of ours.
@org.jspecify.annotations.NullMarked
package dev.thrum.verify.proxies;
