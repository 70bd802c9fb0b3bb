package dev.thrum.web;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Where a [Listener] listens.
///
/// **Threads.** Immutable.
public sealed interface Place {

    /// Addresses of this machine, all at one port.
    /// @param hosts names or addresses, such as `127.0.0.1` and `::1`; `0.0.0.0` for all there are
    /// @param port 0..65535; 0 takes one that is free, for each host its own, which [Server#ports] tells
    /// @param shared whether other processes of the same user may listen there at the same time (`SO_REUSEPORT`): the system spreads
    ///     connections over all of them
    record Internet(List<String> hosts, int port, boolean shared) implements Place {

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
            if (new HashSet<>(hosts).size() < hosts.size()) {
                throw new IllegalArgumentException("each host must stand there once: " + hosts);
            }
            if (port < 0 || port > 65_535) {
                throw new IllegalArgumentException("port must be 0..65535: " + port);
            }
        }
    }

    /// A Unix socket. A file that a former process has left is replaced, but not one at which somebody listens; the file is removed
    /// when the server closes.
    /// @param path of the socket; systems allow some 100 bytes
    /// @param permissions of the file, who may connect needs to write; empty for what the process's mask leaves. They are set right after the file
    ///     is made: where that moment matters, its directory has to keep others out
    record Unix(Path path, Optional<Set<PosixFilePermission>> permissions) implements Place {

        /// Copies the components.
        public Unix {
            requireNonNull(path, "path");
            permissions = permissions.map(Set::copyOf);
        }
    }

    /// The one listening socket that the process has inherited as its standard input, as systemd hands it over by `StandardInput=socket`.
    record Inherited() implements Place {}
}
