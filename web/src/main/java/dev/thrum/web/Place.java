package dev.thrum.web;

import static java.util.Objects.requireNonNull;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;

/// Where a [Listener] listens.
///
/// **Threads.** Immutable.
public sealed interface Place {

    /// Addresses of this machine, all at one port.
    /// @param hosts names or addresses, such as `127.0.0.1` and `::1`; `0.0.0.0` for all there are
    /// @param port 0..65535; 0 takes one that is free, for each host its own, which [Server#ports] tells
    record Internet(List<String> hosts, int port) implements Place {

        /// Checks the components.
        /// @throws IllegalArgumentException if there is no host, one is blank or stands there twice, or `port` is out of range
        public Internet {
            hosts = List.copyOf(hosts);
            if (hosts.isEmpty()) {
                throw new IllegalArgumentException("there must be a host; 0.0.0.0 means all addresses");
            }
            for (String host : hosts) {
                if (host.isBlank()) {
                    throw new IllegalArgumentException("host must not be blank; 0.0.0.0 means all addresses");
                }
            }
            if (hosts.stream().distinct().count() < hosts.size()) {
                throw new IllegalArgumentException("each host must stand there once: " + hosts);
            }
            if (port < 0 || port > 65_535) {
                throw new IllegalArgumentException("port must be 0..65535: " + port);
            }
        }

        @Override
        public List<SocketAddress> addresses() {
            return hosts.stream().<SocketAddress>map(host -> new InetSocketAddress(host, port)).toList();
        }
    }

    /// {@return what to listen at} Looks names up, which may block.
    List<SocketAddress> addresses();
}
