package dev.thrum.verify.bench;

import java.util.List;

/// Peers with several loops, for `loops`.
final class LoopPeers {

    private LoopPeers() {}

    static Peer thrum(String name, int loops, int ports) {
        return JavaPeer.of(name, "ThrumLoops", Peers.THRUM)
                .with("", "-Dbench.loops=" + loops, "-Dbench.ports=" + ports);
    }

    static Peer vertx(int loops) {
        return JavaPeer.of("vertx-" + loops, "VertxLoops", Peers.VERTX).with("", "-Dbench.loops=" + loops);
    }

    static Peer node(int workers) {
        return new ScriptPeer(
                "node-" + workers, "node", List.of("cluster.js", "hello.js"), List.of(Integer.toString(workers)));
    }
}
