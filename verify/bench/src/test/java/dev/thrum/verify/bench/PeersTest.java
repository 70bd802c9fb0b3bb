package dev.thrum.verify.bench;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PeersTest {

    @TempDir
    private Path work;

    /// Those that this machine can run: no test fails for want of a foreign program.
    private static Stream<Peer> runnablePeers() {
        return Peers.runnable().stream();
    }

    /// What each of those is asked that do more than plaintext.
    private static List<Load> loads(Peer peer) {
        return switch (peer.name()) {
            case "thrum-json", "vertx-web-json" -> List.of(Load.JSON);
            case "thrum-files" -> List.of(Load.FILE, Load.UPLOAD);
            case "nginx" -> List.of(Load.FILE);
            case "vertx-upload" -> List.of(Load.UPLOAD);
            default -> List.of(Load.PLAINTEXT);
        };
    }

    @ParameterizedTest
    @MethodSource("runnablePeers")
    void everyPeerStartsAnswersAndStops(Peer peer) throws Exception {
        peer.prepare(work);
        try (PeerProcess process = PeerProcess.start(peer, work, Pinning.NONE, 100)) {
            process.awaitAnswer();
            for (Load load : loads(peer)) {
                process.check(load);
            }
        }
    }

    @Test
    void anUnknownPeerIsAnError() {
        assertThatThrownBy(() -> Peers.named(List.of("nobody")))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("no such peer: nobody")
                .hasMessageContaining("netty");
    }

    @Test
    void onlyAJavaPeerHasAnAotCache() {
        assertThatThrownBy(() -> Peers.named(List.of("node+aot")))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("node+aot");
    }
}
