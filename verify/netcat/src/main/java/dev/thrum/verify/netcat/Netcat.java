package dev.thrum.verify.netcat;

import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// A program that sends its input to a socket, and prints what comes from there. When its input ends it says so to the peer, and
/// goes on until the peer ends as well.
public enum Netcat {
    /// OpenBSD's.
    NC("/usr/bin/nc.openbsd") {
        @Override
        List<String> stream(SocketAddress address, boolean listens) {
            String flags = listens ? "-lN" : "-N";
            return address instanceof InetSocketAddress host
                    ? List.of(file, flags, hostOf(host), portOf(host))
                    : List.of(file, flags + "U", address.toString());
        }

        @Override
        List<String> datagrams(InetSocketAddress address, boolean listens) {
            return List.of(file, listens ? "-lu" : "-u", hostOf(address), portOf(address));
        }
    },

    /// Gerhard Rieger's.
    SOCAT("/usr/bin/socat") {
        @Override
        List<String> stream(SocketAddress address, boolean listens) {
            String place = address instanceof InetSocketAddress host
                    ? place("TCP", host, listens)
                    : (listens ? "UNIX-LISTEN:" : "UNIX-CONNECT:") + address;
            return List.of(file, "-t", "60", "-", place);
        }

        @Override
        List<String> datagrams(InetSocketAddress address, boolean listens) {
            return List.of(file, "-t", "60", "-", place("UDP", address, listens));
        }

        private String place(String protocol, InetSocketAddress address, boolean listens) {
            boolean six = address.getAddress() instanceof Inet6Address;
            String host = six ? "[" + hostOf(address) + "]" : hostOf(address);
            String kind = protocol + (six ? "6" : "4");
            return listens
                    ? kind + "-LISTEN:" + portOf(address) + ",bind=" + host
                    : kind + ":" + host + ":" + portOf(address);
        }
    };

    final String file;

    Netcat(String file) {
        this.file = file;
    }

    abstract List<String> stream(SocketAddress address, boolean listens);

    abstract List<String> datagrams(InetSocketAddress address, boolean listens);

    /// {@return those that this machine has}
    public static List<Netcat> installed() {
        return Stream.of(values()).filter(each -> Files.isExecutable(Path.of(each.file))).toList();
    }

    /// {@return a client of a TCP or Unix server}
    /// @param server where that listens
    /// @throws IOException if the program cannot be started
    public Foreign connect(SocketAddress server) throws IOException {
        return Foreign.start(stream(server, false));
    }

    /// {@return a server for one TCP or Unix client, which will listen in a moment}
    /// @param address where it listens
    /// @throws IOException if the program cannot be started
    public Foreign listen(SocketAddress address) throws IOException {
        return Foreign.start(stream(address, true));
    }

    /// {@return one that sends a datagram for each piece of its input}
    /// @param peer who receives them
    /// @throws IOException if the program cannot be started
    public Foreign connectDatagrams(InetSocketAddress peer) throws IOException {
        return Foreign.start(datagrams(peer, false));
    }

    /// {@return one that receives datagrams, in a moment, and has the sender of the first one for its peer}
    /// @param address where it receives
    /// @throws IOException if the program cannot be started
    public Foreign listenDatagrams(InetSocketAddress address) throws IOException {
        return Foreign.start(datagrams(address, true));
    }

    private static String hostOf(InetSocketAddress address) {
        return address.getAddress().getHostAddress();
    }

    private static String portOf(InetSocketAddress address) {
        return String.valueOf(address.getPort());
    }
}
