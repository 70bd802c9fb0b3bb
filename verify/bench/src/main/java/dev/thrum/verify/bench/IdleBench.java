package dev.thrum.verify.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/// `idle`: what a keep-alive connection costs that has asked once and now says nothing.
final class IdleBench {

    static final Map<String, String> OPTIONS = Map.of(
            "peers", "thrum,netty,vertx,vertx-web,node,c-epoll", "rounds", "3", "connections", "10000", "routes", "100");

    /// What a process holds.
    /// @param residentBytes memory that the system gave it
    /// @param heapBytes live objects, where a JVM tells
    private record Memory(long residentBytes, OptionalLong heapBytes) {

        static Memory of(PeerProcess process) throws IOException, InterruptedException {
            OptionalLong heap = process.isJava() ? OtherHeap.alive(process.pid()) : OptionalLong.empty();
            return new Memory(ProcFs.residentBytes(process.pid()), heap);
        }
    }

    /// One process, before and with its connections.
    /// @param without before the first
    /// @param with all open
    /// @param connections how many
    private record Visit(Memory without, Memory with, int connections) {

        double residentEach() {
            return (double) (with.residentBytes() - without.residentBytes()) / connections / 1024;
        }

        double heapEach() {
            return (double) (with.heapBytes().orElse(0) - without.heapBytes().orElse(0)) / connections / 1024;
        }

        double residentMegabytes() {
            return with.residentBytes() / 1e6;
        }

        boolean hasHeap() {
            return with.heapBytes().isPresent();
        }
    }

    private final List<Peer> peers;
    private final int rounds;
    private final int connections;
    private final int routes;
    private final Path work;
    private final PrintStream out;

    IdleBench(Options options, Path work, PrintStream out) {
        this.peers = Peers.named(options.list("peers"));
        this.rounds = options.number("rounds", 1);
        this.connections = options.number("connections", 1);
        this.routes = options.number("routes", 1);
        this.work = work;
        this.out = out;
    }

    void run() throws Exception {
        Peers.prepare(peers, work);
        Map<String, List<Visit>> visits = new LinkedHashMap<>();
        for (int round = 1; round <= rounds; round++) {
            for (Peer peer : peers) {
                System.err.println("round " + round + " of " + rounds + ": " + peer.name());
                visits.computeIfAbsent(peer.name(), _ -> new ArrayList<>()).add(visit(peer));
            }
        }
        print(visits);
    }

    private Visit visit(Peer peer) throws Exception {
        var open = new ArrayList<SocketChannel>();
        try (PeerProcess process = PeerProcess.start(peer, work, Pinning.NONE, routes)) {
            process.awaitAnswer();
            process.askAndKeep();
            Memory without = Memory.of(process);
            for (int i = 0; i < connections; i++) {
                open.add(process.askAndKeep());
            }
            return new Visit(without, Memory.of(process), connections);
        } finally {
            for (SocketChannel connection : open) {
                connection.close();
            }
        }
    }

    private void print(Map<String, List<Visit>> visits) {
        var table = new MarkdownTable("peer", "KiB live heap each", "min..max", "KiB RSS each", "min..max", "RSS MB");
        visits.forEach((peer, own) -> {
            boolean hasHeap = own.getFirst().hasHeap();
            Samples heap = Samples.of(own, Visit::heapEach);
            Samples resident = Samples.of(own, Visit::residentEach);
            table.row(
                    peer,
                    hasHeap ? heap.medianText(2) : "-",
                    hasHeap ? heap.rangeText(2) : "-",
                    resident.medianText(2),
                    resident.rangeText(2),
                    Samples.of(own, Visit::residentMegabytes).medianText(0));
        });
        out.printf("idle connections: %d, after one request each; medians of %d rounds%n%n%s%n", connections, rounds, table);
    }
}
