package dev.thrum.verify.bench;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A peer that an interpreter runs from files among this module's resources.
/// @param name in the tables
/// @param interpreter the program that runs it
/// @param scripts the resources' names; the first is run
/// @param more arguments after the port and the number of routes
record ScriptPeer(String name, String interpreter, List<String> scripts, List<String> more) implements Peer {

    ScriptPeer {
        scripts = List.copyOf(scripts);
        more = List.copyOf(more);
    }

    ScriptPeer(String name, String interpreter, String script) {
        this(name, interpreter, List.of(script), List.of());
    }

    @Override
    public Optional<String> missing() {
        return Tools.find(interpreter).isPresent() ? Optional.empty() : Optional.of(interpreter);
    }

    @Override
    public void prepare(Path work) throws IOException {
        for (String script : scripts) {
            copy(script, work.resolve(script));
        }
    }

    @Override
    public List<String> command(Path work, int port, int routes) {
        var command = new ArrayList<>(List.of(
                interpreter, work.resolve(scripts.getFirst()).toString(), Integer.toString(port), Integer.toString(routes)));
        command.addAll(more);
        return command;
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
