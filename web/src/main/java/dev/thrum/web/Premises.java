package dev.thrum.web;

import dev.thrum.loop.EventLoop;
import dev.thrum.loop.LoopConfig;
import dev.thrum.scope.Registration;
import dev.thrum.tls.Certificates;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/// What a server listens with: its loops with their sites, the doors to them, the certificates that it shows there.
///
/// @param addresses where it listens, with the ports that port 0 became
/// @param doors in the order of the listeners
/// @param sites one for each loop
/// @param certificates each once
/// @param watches look for changes of certificates, and include the server in dumps
record Premises(
        List<SocketAddress> addresses,
        List<Door> doors,
        List<Site> sites,
        List<Certificates> certificates,
        List<Registration> watches) {

    /// Of a server that does not listen yet.
    static final Premises NONE = new Premises(List.of(), List.of(), List.of(), List.of(), List.of());

    private static final Duration LOOK_AT_CERTIFICATES = Duration.ofSeconds(1);

    Premises {
        addresses = List.copyOf(addresses);
        doors = List.copyOf(doors);
        sites = List.copyOf(sites);
        certificates = List.copyOf(certificates);
        watches = List.copyOf(watches);
    }

    /// Listens, under the current scope. Blocks until it does everywhere; if it cannot, no loop is left and every address is free again.
    /// @param unhandled gets what nobody handles on a loop
    static Premises open(RunningServer server, List<Listener> listeners, Consumer<Throwable> unhandled) {
        List<EventLoop> loops = new ArrayList<>();
        List<Site> sites = new ArrayList<>();
        List<Door> doors = new ArrayList<>();
        List<SocketAddress> addresses = new ArrayList<>();
        List<Registration> watches = new ArrayList<>();
        try {
            for (Listener listener : listeners) {
                List<Site> group = new ArrayList<>();
                for (int i = 0; i < listener.loops(); i++) {
                    LoopConfig config = LoopConfig.named(server.name() + "-" + loops.size()).withOnError(unhandled);
                    loops.add(EventLoop.start(config));
                    group.add(Site.on(loops.getLast(), server, loops.size() - 1, listener));
                }
                addresses.addAll(open(listener, group, doors));
                sites.addAll(group);
            }
            Set<Certificates> certificates = certificates(listeners);
            for (Certificates each : certificates) {
                watches.add(each.watch(LOOK_AT_CERTIFICATES, outcome -> {})); // it logs what has changed and what is refused
            }
            watches.add(ServerView.include(server, sites));
            return new Premises(addresses, doors, sites, List.copyOf(certificates), watches);
        } catch (Throwable problem) {
            watches.forEach(Registration::close);
            Closing.end(loops);
            throw problem;
        }
    }

    /// {@return where it listens}
    private static List<SocketAddress> open(Listener listener, List<Site> group, List<Door> doors) {
        List<SocketAddress> addresses = Door.addresses(listener.place());
        if (!listener.isSharedBySystem()) {
            doors.add(Door.open(group, listener, addresses));
            return doors.getLast().addresses();
        }
        Door.checkAlone(listener.place(), addresses);
        for (Site site : group) {
            doors.add(Door.open(List.of(site), listener, addresses));
            addresses = doors.getLast().addresses();
        }
        return addresses;
    }

    private static Set<Certificates> certificates(List<Listener> listeners) {
        Set<Certificates> certificates = new LinkedHashSet<>();
        for (Listener listener : listeners) {
            if (listener.tls().isPresent()) {
                listener.tls().get().certificates().ifPresent(certificates::add);
            }
        }
        return certificates;
    }

    /// Looks after nothing any more. The loops come to their end by [Closing].
    void leave() {
        watches.forEach(Registration::close);
    }
}
