package dev.thrum.verify.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// A peer in C, compiled on the spot: what the kernel alone costs.
/// @param name in the tables
/// @param source the resource's name
record CompiledPeer(String name, String source) implements Peer {

    private static final String COMPILER = "cc";

    @Override
    public Optional<String> missing() {
        return Tools.find(COMPILER).isPresent() ? Optional.empty() : Optional.of("a C compiler (cc)");
    }

    @Override
    public void prepare(Path work) throws IOException, InterruptedException {
        ScriptPeer.copy(source, work.resolve(source));
        var command = List.of(COMPILER, "-O2", "-Wall", "-Wextra", "-o", name, source);
        int status = new ProcessBuilder(command)
                .directory(work.toFile())
                .inheritIO()
                .start()
                .waitFor();
        if (status != 0) {
            throw new IOException(COMPILER + " ended with " + status + " on " + source);
        }
    }

    @Override
    public List<String> command(Path work, int port, int routes) {
        return List.of(work.resolve(name).toString(), Integer.toString(port), Integer.toString(routes));
    }
}
