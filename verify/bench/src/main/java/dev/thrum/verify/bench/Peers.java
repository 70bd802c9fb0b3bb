package dev.thrum.verify.bench;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Everybody who stands in the tables of `http` and its like. A new peer is its program and a line here.
final class Peers {

    static final String NETTY = "io/netty|/netty-";
    static final String VERTX = NETTY + "|io/vertx|/vertx-|jackson";

    static final String THRUM =
            "thrum-(?!verify)|/(scope|promise|kernel|loop|net|system|tls|http|route|web|plugins|json)/target/classes|jackson";

    static final String THRUM_WEB =
            "thrum-(scope|promise|kernel|loop|net|system|tls|http|route|web)-|/(scope|promise|kernel|loop|net|system|tls|http|route|web)/target/classes";

    static final List<Peer> ALL = List.of(
            JavaPeer.of("thrum", "ThrumServer", THRUM_WEB),
            JavaPeer.of("netty", "NettyServer", NETTY),
            JavaPeer.of("vertx", "VertxServer", VERTX),
            JavaPeer.of("vertx-web", "VertxWebServer", VERTX),
            JavaPeer.of("jetty", "JettyServer", "jetty-|slf4j"),
            JavaPeer.of("undertow", "UndertowServer", "undertow|xnio|jboss|wildfly|smallrye"),
            JavaPeer.of("helidon", "HelidonServer", "helidon|jakarta"),
            new ScriptPeer("node", "node", "hello.js"),
            new CompiledPeer("c-epoll", "hello.c"),
            JavaPeer.of("thrum-json", "ThrumJson", THRUM),
            JavaPeer.of("vertx-web-json", "VertxJson", VERTX),
            FilePeers.of(JavaPeer.of("thrum-files", "ThrumFiles", THRUM)),
            FilePeers.of(JavaPeer.of("vertx-upload", "VertxUpload", VERTX)),
            FilePeers.nginx(),
            LoopPeers.thrum("thrum-loops-1", 1, 1),
            LoopPeers.thrum("thrum-loops-2", 2, 1),
            LoopPeers.thrum("thrum-loops-4", 4, 1),
            LoopPeers.thrum("thrum-ports-2", 1, 2),
            LoopPeers.thrum("thrum-ports-4", 1, 4),
            LoopPeers.vertx(1),
            LoopPeers.vertx(2),
            LoopPeers.vertx(4),
            LoopPeers.node(1),
            LoopPeers.node(2),
            LoopPeers.node(4));

    private Peers() {}

    /// {@return those of the names that this machine can run; the others are named on standard error}
    /// @param names as in the tables; `name+aot` is a Java peer with an AOT cache
    /// @throws UsageException if there is no such peer
    static List<Peer> named(List<String> names) {
        return names.stream().map(Peers::named).filter(Peers::runnable).toList();
    }

    /// {@return all that this machine can run}
    static List<Peer> runnable() {
        return ALL.stream().filter(Peers::runnable).toList();
    }

    private static Peer named(String name) {
        Map<String, Peer> byName = ALL.stream().collect(Collectors.toMap(Peer::name, Function.identity()));
        String plain = name.replaceFirst("\\+aot$", "");
        Peer peer = byName.get(plain);
        if (peer == null) {
            throw new UsageException("no such peer: " + name + "; there are " + byName.keySet());
        }
        if (plain.equals(name)) {
            return peer;
        }
        if (peer instanceof JavaPeer java) {
            return new AotPeer(java);
        }
        throw new UsageException("only a Java peer has an AOT cache: " + name);
    }

    private static boolean runnable(Peer peer) {
        peer.missing().ifPresent(what -> System.err.println(peer.name() + " is left out: needs " + what));
        return peer.missing().isEmpty();
    }

    static void prepare(List<Peer> peers, Path work) throws Exception {
        for (Peer peer : peers) {
            peer.prepare(work);
        }
    }
}
