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

    @ParameterizedTest
    @MethodSource("runnablePeers")
    void everyPeerStartsAnswersAndStops(Peer peer) throws Exception {
        peer.prepare(work);
        try (PeerProcess process = PeerProcess.start(peer, work, Pinning.NONE, 100)) {
            process.awaitAnswer();
            process.get();
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
