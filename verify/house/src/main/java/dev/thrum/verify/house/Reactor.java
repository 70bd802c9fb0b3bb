package dev.thrum.verify.house;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/// The folders of this build.
final class Reactor {
    private static final List<String> NOT_ROOMS = List.of("examples/", "verify/");

    private static final Pattern TEST_NAME = Pattern.compile("(Test|Properties)\\.java$"); // as surefire includes them
    private static final Pattern TEST_METHOD =
            Pattern.compile("^ +@(Test|ParameterizedTest|RepeatedTest|Property|Example|EveryTeam)\\b", Pattern.MULTILINE);

    private final Path root;

    Reactor(Path root) {
        this.root = root;
    }

    /// {@return the rooms that the root pom builds}
    List<String> rooms() throws IOException {
        return texts(root.resolve("pom.xml"), "module").stream()
                .filter(module -> NOT_ROOMS.stream().noneMatch(module::startsWith))
                .distinct()
                .toList();
    }

    /// {@return the folders of the root that hold a module descriptor, whether they are built or not}
    List<String> roomFolders() throws IOException {
        try (Stream<Path> folders = Files.list(root)) {
            return folders.filter(folder -> Files.exists(sources(folder).resolve("module-info.java")))
                    .map(folder -> folder.getFileName().toString())
                    .toList();
        }
    }

    /// {@return the compiled descriptor of `room`}
    ModuleDescriptor descriptor(String room) {
        Path classes = root.resolve(room, "target", "classes");
        return ModuleFinder.of(classes).findAll().stream()
                .findFirst()
                .map(ModuleReference::descriptor)
                .orElseThrow(() -> new IllegalStateException(room + " has no module descriptor: " + classes));
    }

    /// {@return the packages in the source tree of `room`}
    List<String> packages(String room) throws IOException {
        Path sources = sources(root.resolve(room));
        try (Stream<Path> files = Files.walk(sources)) {
            return files.filter(file -> file.toString().endsWith(".java"))
                    .map(file -> sources.relativize(file).getParent())
                    .filter(folder -> folder != null) // module-info.java
                    .map(folder -> folder.toString().replace(File.separatorChar, '.'))
                    .distinct()
                    .toList();
        }
    }

    /// {@return the test classes that the build does not run, because it goes by their names}
    List<Path> testsThatNobodyRuns() throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(Reactor::isTestSource)
                    .filter(file -> !TEST_NAME.matcher(file.toString()).find())
                    .filter(Reactor::holdsTests)
                    .map(root::relativize)
                    .toList();
        }
    }

    private static boolean isTestSource(Path file) {
        String name = file.toString().replace(File.separatorChar, '/');
        return name.contains("/src/test/java/") && name.endsWith(".java");
    }

    private static boolean holdsTests(Path file) {
        try {
            return TEST_METHOD.matcher(Files.readString(file)).find();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /// {@return the artifacts that this module depends on, and so is built after}
    List<String> builtBefore() throws IOException {
        return texts(root.resolve("verify", "house", "pom.xml"), "artifactId");
    }

    private static Path sources(Path room) {
        return room.resolve("src", "main", "java");
    }

    private static List<String> texts(Path pom, String element) throws IOException {
        try {
            NodeList nodes = DocumentBuilderFactory.newInstance()
                    .newDocumentBuilder()
                    .parse(pom.toFile())
                    .getElementsByTagName(element);
            List<String> texts = new ArrayList<>();
            for (int i = 0; i < nodes.getLength(); i++) {
                texts.add(nodes.item(i).getTextContent().trim());
            }
            return texts;
        } catch (ParserConfigurationException | SAXException malformed) {
            throw new IOException("not a pom: " + pom, malformed);
        }
    }
}
