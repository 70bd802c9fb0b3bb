package dev.thrum.verify.netcat;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// A program that is not ours, while it runs: what it is told, and what it says. It is killed by [#close].
public final class Foreign implements AutoCloseable {
    private final Process process;

    private Foreign(Process process) {
        this.process = process;
    }

    /// {@return a program that has been started}
    /// @param command the program and its arguments
    /// @throws IOException if it cannot be started
    static Foreign start(List<String> command) throws IOException {
        return new Foreign(new ProcessBuilder(command).redirectErrorStream(true).start());
    }

    /// Writes to its input.
    /// @param text what to write; each character is a byte
    /// @throws IOException if it does not listen any more
    public void say(String text) throws IOException {
        OutputStream input = process.getOutputStream();
        input.write(text.getBytes(ISO_8859_1));
        input.flush();
    }

    /// Writes to its input until it ends, or is killed.
    /// @param text what to write again and again
    public void sayForEver(String text) {
        byte[] bytes = text.getBytes(ISO_8859_1);
        Thread.ofVirtual().start(() -> {
            try {
                while (true) {
                    process.getOutputStream().write(bytes);
                }
            } catch (IOException end) {
                process.destroyForcibly(); // which is gone already, or cannot be told any more
            }
        });
    }

    /// Ends its input.
    /// @throws IOException if what was written before does not reach it
    public void endInput() throws IOException {
        process.getOutputStream().close();
    }

    /// Waits for its output.
    /// @param length how much of it
    /// @return the next `length` characters, or fewer at its end
    /// @throws IOException if the output cannot be read
    public String hear(int length) throws IOException {
        return new String(output().readNBytes(length), ISO_8859_1);
    }

    /// Waits for the end of its output, and its own.
    /// @return all that comes
    /// @throws IOException if the output cannot be read
    public String hearAll() throws IOException {
        return new String(output().readAllBytes(), ISO_8859_1);
    }

    private InputStream output() {
        return process.getInputStream();
    }

    /// {@return its exit code, waited for}
    /// @throws IOException if it still runs after half a minute
    /// @throws InterruptedException if the caller is interrupted while it waits
    public int exit() throws IOException, InterruptedException {
        if (!process.waitFor(30, TimeUnit.SECONDS)) {
            throw new IOException("still running: " + process.info().commandLine().orElse("a program"));
        }
        return process.exitValue();
    }

    /// Kills it, and waits for its death.
    /// @throws InterruptedException if the caller is interrupted while it waits
    public void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /// Makes it stand still, with all that it has open.
    /// @throws IOException if it is gone
    /// @throws InterruptedException if the caller is interrupted while it waits
    public void freeze() throws IOException, InterruptedException {
        int code = start(List.of("/bin/kill", "-STOP", String.valueOf(process.pid()))).exit();
        if (code != 0) {
            throw new IOException("it cannot be stopped: exit code " + code);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
