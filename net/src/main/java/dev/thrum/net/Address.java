package dev.thrum.net;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import org.jspecify.annotations.Nullable;

/// An address in words, and the family it belongs to.
final class Address {
    private Address() {}

    /// {@return host and port, or the path}
    static String text(@Nullable SocketAddress address) {
        if (!(address instanceof InetSocketAddress inet)) {
            return String.valueOf(address);
        }
        InetAddress host = inet.getAddress();
        if (host == null) {
            return inet.getHostString() + ":" + inet.getPort();
        }
        String name = host.isAnyLocalAddress() ? "0.0.0.0" : host.getHostAddress();
        return (name.contains(":") ? "[" + name + "]" : name) + ":" + inet.getPort();
    }

    /// {@return the family of a Unix socket, or null for the system's choice between IPv6 and IPv4}
    static @Nullable ProtocolFamily family(SocketAddress address) {
        return address instanceof UnixDomainSocketAddress ? StandardProtocolFamily.UNIX : null;
    }
}
