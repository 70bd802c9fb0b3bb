package dev.thrum.web;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/// The file of a Unix socket. Its methods look at the disk.
final class UnixFile {
    private UnixFile() {}

    /// Removes a socket that a former process has left.
    /// @throws UncheckedIOException if somebody listens there, or the file is no socket
    static void makeRoom(Path path) {
        try {
            if (!Files.exists(path, NOFOLLOW_LINKS)) {
                return;
            }
            if (!Files.readAttributes(path, BasicFileAttributes.class, NOFOLLOW_LINKS).isOther()) {
                throw new IOException("a file that is no socket stands in the way: " + path);
            }
            if (isHeard(path)) {
                throw new IOException("somebody listens there already: " + path);
            }
            Files.deleteIfExists(path);
        } catch (IOException problem) {
            throw new UncheckedIOException(problem.getMessage(), problem);
        }
    }

    /// {@return whether somebody listens} Who has a full backlog does.
    private static boolean isHeard(Path path) throws IOException {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.configureBlocking(false);
            channel.connect(UnixDomainSocketAddress.of(path));
            return true;
        } catch (ConnectException refused) {
            return false;
        }
    }
}
