package dev.thrum.verify.conformance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The hand-offs of `docs/threads.md`, held against the public methods that take a callback, and against the tests.
public final class HandOffs {
    private static final Pattern ROW = Pattern.compile("^\\| (`.*`) \\|(.*)\\|$");
    private static final Pattern NAME = Pattern.compile("`([A-Za-z0-9.]+)`");

    private final String section;

    /// The hand-offs of a page.
    /// @param page the text of `docs/threads.md`
    public HandOffs(String page) {
        int from = page.indexOf("\n## Hand-offs");
        int to = page.indexOf("<!-- end of hand-offs -->");
        this.section = from < 0 || to < from ? "" : page.substring(from, to);
    }

    /// {@return what the page names, as `Type.method`; a name without a type goes on with the last one}
    public SequencedSet<String> named() {
        SequencedSet<String> named = new TreeSet<>();
        rows().forEach(row -> named.addAll(methods(row.group(1))));
        return named;
    }

    /// {@return a problem for each hand-off without a test, or with one that does not exist}
    /// @param rules knows the tests
    public List<String> problems(Rules rules) {
        List<String> problems = new ArrayList<>();
        for (Matcher row : rows().toList()) {
            String[] cells = row.group(2).split("\\|", -1);
            if (cells.length > 1) { // the other table has no tests
                rules.check(row.group(1), cells[cells.length - 1], problems);
            }
        }
        return problems;
    }

    private Stream<Matcher> rows() {
        return section.lines().map(ROW::matcher).filter(Matcher::matches);
    }

    private static List<String> methods(String cell) {
        List<String> methods = new ArrayList<>();
        Matcher name = NAME.matcher(cell);
        String type = "";
        while (name.find()) {
            String[] parts = name.group(1).split("\\.(?=[^.]+$)", -1);
            type = parts.length > 1 ? parts[0] : type;
            methods.add(type + "." + parts[parts.length - 1]);
        }
        return methods;
    }

    /// {@return the public methods, as `Type.method`, that take a callback, in the packages of `rooms`}
    /// @param rooms a class of each room
    public static SequencedSet<String> takingCallbacks(List<Class<?>> rooms) {
        SequencedSet<String> taking = new TreeSet<>();
        rooms.forEach(room -> classes(room).filter(HandOffs::isPublic).forEach(type -> addMethods(type, taking)));
        return taking;
    }

    private static void addMethods(Class<?> type, SequencedSet<String> taking) {
        for (Method method : type.getDeclaredMethods()) {
            boolean offered = Modifier.isPublic(method.getModifiers()) && !method.isSynthetic();
            if (offered && Stream.of(method.getParameterTypes()).anyMatch(HandOffs::isCallback)) {
                taking.add(type.getName().substring(type.getPackageName().length() + 1).replace('$', '.') + "."
                        + method.getName());
            }
        }
    }

    private static boolean isCallback(Class<?> type) {
        return type == Callable.class || type.isAnnotationPresent(FunctionalInterface.class);
    }

    private static boolean isPublic(Class<?> type) {
        Class<?> outer = type.getEnclosingClass();
        return Modifier.isPublic(type.getModifiers()) && (outer == null || isPublic(outer));
    }

    /// {@return the classes of a package, which lie in a jar or in a folder}
    private static Stream<Class<?>> classes(Class<?> room) {
        String folder = room.getPackageName().replace('.', '/');
        try {
            URI home = room.getProtectionDomain().getCodeSource().getLocation().toURI();
            if (!home.getPath().endsWith(".jar")) {
                return classes(Path.of(home).resolve(folder), room);
            }
            try (FileSystem jar = FileSystems.newFileSystem(Path.of(home), Map.of())) {
                return classes(jar.getPath(folder), room);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Stream<Class<?>> classes(Path folder, Class<?> room) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            List<Class<?>> classes = files.map(file -> file.getFileName().toString())
                    .filter(file -> file.endsWith(".class") && !file.contains("-info"))
                    .<Class<?>>map(file -> load(room, file.replace(".class", "")))
                    .toList();
            return classes.stream();
        }
    }

    private static Class<?> load(Class<?> room, String name) {
        try {
            return Class.forName(room.getPackageName() + "." + name, false, room.getClassLoader());
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }
}
