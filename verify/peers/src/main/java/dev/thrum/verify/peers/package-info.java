/// Programs that are not ours, run against servers of ours.
@org.jspecify.annotations.NullMarked
package dev.thrum.verify.peers;
