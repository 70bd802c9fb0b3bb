package dev.thrum.verify.bench;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;

/// A peer that an interpreter runs from a file among this module's resources.
/// @param name in the tables
/// @param interpreter the program that runs it
/// @param script the resource's name
record ScriptPeer(String name, String interpreter, String script) implements Peer {

    @Override
    public Optional<String> missing() {
        return Tools.find(interpreter).isPresent() ? Optional.empty() : Optional.of(interpreter);
    }

    @Override
    public void prepare(Path work) throws IOException {
        copy(script, work.resolve(script));
    }

    @Override
    public List<String> command(Path work, int port, int routes) {
        return List.of(
                interpreter, work.resolve(script).toString(), Integer.toString(port), Integer.toString(routes));
    }

    static void copy(String resource, Path target) throws IOException {
        try (InputStream in = ScriptPeer.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IOException("no such resource: " + resource);
            }
            Files.copy(in, target, StandardCopyOption.REPLACE_EXISTING);
        }
    }
}
