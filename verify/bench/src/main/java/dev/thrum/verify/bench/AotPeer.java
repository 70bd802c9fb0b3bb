package dev.thrum.verify.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// A peer on a JVM with an AOT cache, made by a training run that serves some requests and is then ended.
/// @param plain the same without the cache
record AotPeer(JavaPeer plain) implements Peer {

    private static final int TRAINING_REQUESTS = 200;

    @Override
    public String name() {
        return plain.name() + "+aot";
    }

    @Override
    public void prepare(Path work) throws IOException, InterruptedException {
        Path cache = cache(work);
        Files.deleteIfExists(cache);
        JavaPeer training = plain.with("-training", "-XX:AOTCacheOutput=" + cache);
        try (PeerProcess process = PeerProcess.start(training, work, Pinning.NONE, 1)) {
            process.awaitAnswer();
            for (int i = 0; i < TRAINING_REQUESTS; i++) {
                process.get();
            }
        }
        if (!Files.exists(cache)) {
            throw new IOException("the training run of " + plain.name() + " left no cache " + cache);
        }
    }

    @Override
    public List<String> command(Path work, int port, int routes) {
        return plain.with("", "-XX:AOTCache=" + cache(work), "-XX:AOTMode=on").command(work, port, routes);
    }

    private Path cache(Path work) {
        return work.resolve(plain.name() + ".aot");
    }
}
