package dev.thrum.verify.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// Who stands in the tables of `static` and `upload`: they work with files below the directory of the run.
final class FilePeers {

    /// How the file ends that is served.
    static final String LAST = "the end";

    private static final int SIZE = 1 << 20;

    private FilePeers() {}

    /// A peer that finds its files through the property `thrum.bench.files`.
    /// @param java the peer
    private record WithFiles(JavaPeer java) implements Peer {
        @Override
        public String name() {
            return java.name();
        }

        @Override
        public void prepare(Path work) throws IOException {
            writeFile(work);
        }

        @Override
        public List<String> command(Path work, int port, int routes) {
            return java.with("", "-Dthrum.bench.files=" + files(work)).command(work, port, routes);
        }
    }

    /// nginx as one process, with `sendfile` and without an access log.
    private record Nginx() implements Peer {
        private static final String CONFIGURATION = "nginx.conf";

        @Override
        public String name() {
            return "nginx";
        }

        @Override
        public Optional<String> missing() {
            return Tools.find("nginx").isPresent() ? Optional.empty() : Optional.of("nginx");
        }

        @Override
        public void prepare(Path work) throws IOException {
            writeFile(work);
            ScriptPeer.copy(CONFIGURATION, work.resolve(CONFIGURATION));
        }

        /// Its configuration knows no variables there, so the shell that becomes nginx writes the port.
        @Override
        public List<String> command(Path work, int port, int routes) {
            String start = "sed \"s|@PORT@|$1|; s|@FILES@|$2|\" nginx.conf > nginx-$1.conf && exec nginx -p . -c nginx-$1.conf";
            return List.of("sh", "-c", "cd '" + work + "' && " + start, "sh", Integer.toString(port), files(work).toString());
        }
    }

    static Peer of(JavaPeer java) {
        return new WithFiles(java);
    }

    static Peer nginx() {
        return new Nginx();
    }

    private static Path files(Path work) {
        return work.resolve("files");
    }

    private static void writeFile(Path work) throws IOException {
        byte[] content = new byte[SIZE];
        Arrays.fill(content, (byte) '.');
        byte[] last = LAST.getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(last, 0, content, SIZE - last.length, last.length);
        Files.write(Files.createDirectories(files(work)).resolve("file"), content);
    }
}
