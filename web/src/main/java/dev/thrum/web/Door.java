package dev.thrum.web;

import dev.thrum.loop.EventLoop;
import dev.thrum.net.ListenConfig;
import dev.thrum.net.TcpServer;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/// What listens on one loop, at one or more addresses, and where its connections go. Its servers are used on the loop's thread
/// only; the methods of this may be called from any.
final class Door {
    private final EventLoop loop;
    private final List<TcpServer> listening;
    private final Site site;

    private Door(EventLoop loop, List<TcpServer> listening, Site site) {
        this.loop = loop;
        this.listening = listening;
        this.site = site;
    }

    /// Listens on the loop of a site, under the current scope. Blocks until it does.
    static Door open(Site site, List<SocketAddress> addresses, ListenConfig config) {
        List<TcpServer> listening = Site.call(site.loop(), () -> listen(site, addresses, config));
        Door door = new Door(site.loop(), listening, site);
        site.port(ports(door.addresses()).findFirst().orElse(0));
        return door;
    }

    private static List<TcpServer> listen(Site site, List<SocketAddress> addresses, ListenConfig config) {
        List<TcpServer> listening = new ArrayList<>();
        for (SocketAddress address : addresses) {
            listening.add(TcpServer.listen(site.loop(), address, config, site::accept));
        }
        return listening;
    }

    /// {@return the ports of those addresses that have one}
    static IntStream ports(List<SocketAddress> addresses) {
        return addresses.stream()
                .filter(InetSocketAddress.class::isInstance)
                .mapToInt(address -> ((InetSocketAddress) address).getPort());
    }

    /// {@return where it listens, with the ports that port 0 became}
    List<SocketAddress> addresses() {
        return listening.stream().map(TcpServer::address).toList();
    }

    /// Takes what waits in the backlog; then its site comes to its end.
    void drain(Duration quiet) {
        loop.post(() -> listening.forEach(TcpServer::drain));
        site.drain(quiet);
    }
}
