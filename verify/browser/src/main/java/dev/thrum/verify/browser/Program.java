package dev.thrum.verify.browser;

import dev.thrum.examples.photos.Main;
import java.io.BufferedReader;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The photo service, as a process of its own on free ports.
public final class Program implements AutoCloseable {
    private static final int PORTS = 4;

    private final Process process;
    private final List<URI> pages;

    private Program(Process process, List<URI> pages) {
        this.process = process;
        this.pages = pages;
    }

    /// {@return the service, up and running}
    /// @param directory where it keeps its photos
    /// @throws IOException if it does not start
    public static Program start(Path directory) throws IOException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-Xmx512m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Main.class.getName(),
                        "--port",
                        "0",
                        "--dir",
                        directory.toString())
                .redirectError(Redirect.INHERIT)
                .start();
        return new Program(process, pages(process));
    }

    private static List<URI> pages(Process process) throws IOException {
        BufferedReader reader = process.inputReader();
        List<URI> pages = new ArrayList<>();
        while (pages.size() < PORTS) {
            String line = reader.readLine();
            if (line == null) {
                throw new IOException("the service ended before it was up");
            }
            if (line.startsWith("  http://")) {
                pages.add(URI.create(line.strip()));
            }
        }
        return pages;
    }

    /// {@return its page, at each of its ports}
    public List<URI> pages() {
        return pages;
    }

    /// Ends the service.
    @Override
    public void close() {
        Browser.end(process);
    }
}
