package dev.thrum.plugins;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// The files below a directory, and nothing else. What it does blocks, so it is for a lane.
final class FileTree {
    /*
     * Three locks on the door. A path is refused by its letters, before the system sees it: hidden names, and whatever any
     * system takes for something else than a name (devices, streams, short names, dots and spaces at the end). Then its real
     * path has to lie in the real path of the directory, letter by letter, so links may lead around inside, and a file system
     * that ignores case gives nobody a second name for a file. Then the file is opened from the directory down, without
     * following a link: so nobody who swaps a directory for a link meanwhile leads us out of it.
     */
    private static final Pattern DEVICE =
            Pattern.compile("(con|prn|aux|nul|conin\\$|conout\\$|com[0-9¹²³]|lpt[0-9¹²³])([.: ].*)?");
    private static final Pattern SHORT = Pattern.compile(".*~[0-9]+(\\..*)?");

    private final Path root;
    private final boolean hidden;

    FileTree(Path root, boolean hidden) {
        this.root = root;
        this.hidden = hidden;
    }

    /// Something that is there.
    /// @param root the real path of the directory
    /// @param real the real path of the file, below it
    /// @param attributes what it is, told by the file itself
    record Found(Path root, Path real, BasicFileAttributes attributes) {
        String name() {
            return real.getFileName().toString();
        }
    }

    /// {@return what is at a path below the directory; empty if nothing is that may be seen}
    /// @param below without a slash at its start; empty for the directory itself
    Optional<Found> find(String below) throws IOException {
        for (String name : below.split("/", -1)) {
            if (!below.isEmpty() && !isAllowed(name)) {
                return Optional.empty();
            }
        }
        try {
            Path top = root.toRealPath();
            Path real = top.resolve(below).toRealPath();
            if (!real.startsWith(top) || !isVisible(top.relativize(real)) || isMisspelled(top.resolve(below), real)) {
                return Optional.empty();
            }
            return Optional.of(new Found(top, real, Files.readAttributes(real, BasicFileAttributes.class, NOFOLLOW_LINKS)));
        } catch (InvalidPathException | FileSystemException absent) {
            return Optional.empty();
        }
    }

    /// {@return whether a name is one everywhere, and not hidden}
    boolean isAllowed(String name) {
        return isName(name) && (hidden || !name.startsWith("."));
    }

    /// {@return whether every system takes it for the name of a file}
    static boolean isName(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        boolean odd = name.isEmpty()
                || name.equals(".")
                || name.equals("..")
                || name.endsWith(".")
                || name.endsWith(" ")
                || name.chars().anyMatch(c -> c < ' ' || c == 0x7f || "\\/:*?\"<>|".indexOf(c) >= 0)
                || DEVICE.matcher(lower).matches()
                || SHORT.matcher(lower).matches();
        return !odd;
    }

    private boolean isVisible(Path relative) {
        for (Path name : relative) {
            if (!name.toString().isEmpty() && !isAllowed(name.toString())) {
                return false;
            }
        }
        return true;
    }

    /// {@return whether the two differ in the case of letters only}
    static boolean isMisspelled(Path asked, Path real) {
        String one = asked.toString();
        String other = real.toString();
        return !one.equals(other) && one.equalsIgnoreCase(other);
    }

    /// {@return the file, open for reading, without following any link on the way}
    FileChannel open(Found entry) throws IOException {
        try (DirectoryStream<Path> top = Files.newDirectoryStream(entry.root)) {
            return top instanceof SecureDirectoryStream<Path> secure
                    ? openBelow(secure, entry.root.relativize(entry.real))
                    : FileChannel.open(entry.real, Set.of(StandardOpenOption.READ, NOFOLLOW_LINKS));
        }
    }

    private static FileChannel openBelow(SecureDirectoryStream<Path> directory, Path relative) throws IOException {
        Path name = relative.getName(0);
        if (relative.getNameCount() > 1) {
            try (SecureDirectoryStream<Path> next = directory.newDirectoryStream(name, NOFOLLOW_LINKS)) {
                return openBelow(next, relative.subpath(1, relative.getNameCount()));
            }
        }
        var channel = directory.newByteChannel(name, Set.of(StandardOpenOption.READ, NOFOLLOW_LINKS));
        if (channel instanceof FileChannel file) {
            return file;
        }
        channel.close();
        throw new NoSuchFileException(name.toString(), null, "is no file");
    }
}
