package dev.thrum.web;

import static java.util.Objects.requireNonNull;

import dev.thrum.loop.EventLoop;
import dev.thrum.net.ListenConfig;
import dev.thrum.net.Socket;
import dev.thrum.net.TcpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.UnresolvedAddressException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/// What listens on one loop, at one or more addresses, and where its connections go: to its own site, or to several in turn. Its
/// servers are used on the loop's thread only; the methods of this may be called from any.
final class Door implements Supplier<EventLoop> {
    private final EventLoop loop;
    private final List<Site> sites;
    private final Map<EventLoop, Site> byLoop = new HashMap<>();
    private final List<TcpServer> listening = new ArrayList<>(); // filled on the loop, once
    private int next; // loop thread only

    private Door(List<Site> sites) {
        this.loop = sites.getFirst().loop();
        this.sites = sites;
        for (Site site : sites) {
            byLoop.put(site.loop(), site);
        }
    }

    /// {@return what to listen at; nothing if it is there already} Looks names up, which may block.
    static List<SocketAddress> addresses(Place place) {
        if (place instanceof Place.Internet(var hosts, var port, _)) { // no switch over types: the first costs a start some ten ms
            List<SocketAddress> addresses = new ArrayList<>();
            for (String host : hosts) {
                addresses.add(new InetSocketAddress(host, port));
            }
            return addresses;
        }
        return place instanceof Place.Unix unix ? List.of(UnixDomainSocketAddress.of(unix.path())) : List.of();
    }

    /// Listens on the loop of the first of some sites, under the current scope. Blocks until it does.
    static Door open(List<Site> sites, Listener listener, List<SocketAddress> addresses) {
        Door door = new Door(sites);
        ListenConfig config = ListenConfig.DEFAULT
                .withBacklog(listener.backlog())
                .withReusePort(listener.isSharedBySystem() || isShared(listener.place()));
        if (listener.place() instanceof Place.Unix unix) {
            door.listen(unix, addresses, config);
        } else if (listener.place() instanceof Place.Inherited) {
            door.listen(inherited());
        } else {
            door.listen(addresses, config);
        }
        List<Integer> ports = ports(door.addresses());
        for (Site site : sites) {
            site.port(ports.isEmpty() ? 0 : ports.getFirst());
        }
        return door;
    }

    /// {@return whether other processes may listen there, too}
    /// @throws IllegalStateException if the system cannot do that
    private static boolean isShared(Place place) {
        boolean shared = place instanceof Place.Internet internet && internet.shared();
        if (shared && !systemShares()) {
            throw new IllegalStateException("this system cannot share a port among processes (SO_REUSEPORT): " + place);
        }
        return shared;
    }

    /// Checks that nobody listens there, for several loops that the system spreads connections over: another server of such loops would go
    /// unnoticed, and get some of them. What else keeps from listening, listening tells.
    /// @throws UncheckedIOException if somebody does, and the place is not to be shared
    static void checkAlone(Place place, List<SocketAddress> addresses) {
        for (SocketAddress address : isShared(place) ? List.<SocketAddress>of() : addresses) {
            try (SocketChannel probe = SocketChannel.open()) { // it does not listen, so nobody can connect to it
                probe.setOption(StandardSocketOptions.SO_REUSEADDR, true);
                probe.bind(address);
            } catch (IOException problem) {
                if (String.valueOf(problem.getMessage()).contains("in use")) {
                    throw new UncheckedIOException("address in use: " + address, problem);
                }
            } catch (UnresolvedAddressException _) {
                return; // as above
            }
        }
    }

    private void listen(List<SocketAddress> addresses, ListenConfig config) {
        Site.call(loop, () -> {
            for (SocketAddress address : addresses) {
                listening.add(TcpServer.listen(loop, address, config, this, this::accept));
            }
            return listening.size();
        });
    }

    private void listen(Place.Unix place, List<SocketAddress> addresses, ListenConfig config) {
        UnixFile.makeRoom(place.path());
        listen(addresses, config);
        place.permissions().ifPresent(permissions -> {
            try {
                Files.setPosixFilePermissions(place.path(), permissions);
            } catch (IOException problem) {
                throw new UncheckedIOException("cannot set the permissions of " + place.path() + ": " + problem, problem);
            }
        });
    }

    private void listen(ServerSocketChannel channel) {
        Site.call(loop, () -> listening.add(TcpServer.listen(loop, channel, this, this::accept)));
    }

    /// {@return the socket that the process was started with}
    /// @throws IllegalStateException if there is none, or more than one
    private static ServerSocketChannel inherited() {
        String count = System.getenv().getOrDefault("LISTEN_FDS", "0");
        if (!count.equals("0") && !count.equals("1")) {
            throw new IllegalStateException(
                    "one inherited socket can be taken, as standard input, and LISTEN_FDS says that there are more: " + count);
        }
        Channel channel;
        try {
            channel = System.inheritedChannel();
        } catch (IOException problem) {
            throw new UncheckedIOException("cannot take the inherited socket: " + problem.getMessage(), problem);
        }
        if (channel instanceof ServerSocketChannel listening && listening.isOpen()) {
            return listening;
        }
        throw new IllegalStateException("standard input must be a socket that listens (systemd: Accept=no, StandardInput=socket), "
                + "taken once: " + channel);
    }

    /// {@return whether the system can spread the connections of a port over several sockets}
    static boolean systemShares() {
        try (ServerSocketChannel channel = ServerSocketChannel.open()) {
            return channel.supportedOptions().contains(StandardSocketOptions.SO_REUSEPORT);
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        }
    }

    // ---- connections, on the loop

    /// {@return whose turn it is}
    @Override
    public EventLoop get() {
        Site site = sites.get(next);
        next = next + 1 == sites.size() ? 0 : next + 1;
        return site.loop();
    }

    /// On the loop of the connection.
    private void accept(Socket socket) {
        requireNonNull(byLoop.get(socket.loop())).accept(socket);
    }

    // ---- what it is

    /// {@return the ports of those addresses that have one}
    static List<Integer> ports(List<SocketAddress> addresses) {
        List<Integer> ports = new ArrayList<>();
        for (SocketAddress address : addresses) {
            if (address instanceof InetSocketAddress internet) {
                ports.add(internet.getPort());
            }
        }
        return List.copyOf(ports);
    }

    /// {@return where it listens, with the ports that port 0 became}
    List<SocketAddress> addresses() {
        List<SocketAddress> addresses = new ArrayList<>();
        for (TcpServer each : listening) {
            addresses.add(each.address());
        }
        return List.copyOf(addresses);
    }

    /// Takes what waits in the backlog; then its sites come to their end, behind what was handed to them.
    void drain(Duration quiet) {
        boolean posted = loop.post(() -> {
            listening.forEach(TcpServer::drain);
            sites.forEach(site -> site.drain(quiet));
        });
        if (!posted) {
            sites.forEach(site -> site.drain(quiet)); // but for the one that has ended
        }
    }
}
