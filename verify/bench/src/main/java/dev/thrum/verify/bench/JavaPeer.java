package dev.thrum.verify.bench;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// A peer on a JVM of its own, with nothing but its own libraries on the class path.
/// @param name in the tables
/// @param mainClass its main class, simple name, in the package `server`
/// @param libraries matches the file name or directory of each of its libraries
/// @param flags JVM flags besides [#FLAGS]
record JavaPeer(String name, String mainClass, Pattern libraries, List<String> flags) implements Peer {

    /// A fixed heap and the collector that fits one processor: the same for every peer.
    static final List<String> FLAGS =
            List.of("-Xms256m", "-Xmx256m", "-XX:+UseSerialGC", "--enable-native-access=ALL-UNNAMED");

    private static final Pattern PATH_SEPARATOR = Pattern.compile(Pattern.quote(File.pathSeparator));
    private static final Pattern OWN = Pattern.compile("thrum-verify-bench|verify/bench/target/classes");

    JavaPeer {
        flags = List.copyOf(flags);
    }

    static JavaPeer of(String name, String mainClass, String libraries) {
        return new JavaPeer(name, mainClass, Pattern.compile(libraries), List.of());
    }

    JavaPeer with(String suffix, String... more) {
        var all = new ArrayList<>(flags);
        all.addAll(List.of(more));
        return new JavaPeer(name + suffix, mainClass, libraries, all);
    }

    @Override
    public List<String> command(Path work, int port, int routes) {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(FLAGS);
        command.addAll(flags);
        command.addAll(List.of("-cp", classPath(), "dev.thrum.verify.bench.server." + mainClass));
        command.addAll(List.of(Integer.toString(port), Integer.toString(routes)));
        return command;
    }

    private String classPath() {
        return PATH_SEPARATOR.splitAsStream(System.getProperty("java.class.path"))
                .filter(entry -> OWN.matcher(entry).find() || libraries.matcher(entry).find())
                .collect(Collectors.joining(File.pathSeparator));
    }
}
