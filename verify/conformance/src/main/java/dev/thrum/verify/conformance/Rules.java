package dev.thrum.verify.conformance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The rules of `docs/conformance.md` and the map of `docs/from-lisp.md`, held against the tests that they name.
public final class Rules {
    private static final Pattern ROW = Pattern.compile("^\\| ([A-Z]+-[0-9]+(?:\\.[0-9]+)*[a-z]?) \\|.*\\|([^|]*)\\|$");
    private static final Pattern MAPPED = Pattern.compile("^\\| (.+?) \\|.*\\|([^|]*)\\|$");
    private static final Pattern NAME = Pattern.compile("`([A-Za-z0-9.]+)`");

    private final Path house;
    private final Map<String, String> tests = new TreeMap<>(); // source text by the name of the test class

    /// The rules of a checkout.
    /// @param house its root
    public Rules(Path house) {
        this.house = house;
        try (Stream<Path> files = Files.walk(house)) {
            files.filter(file -> file.toString().endsWith(".java"))
                    .filter(file -> file.toString().contains("/src/test/"))
                    .forEach(file -> tests.merge(simpleName(file), text(file), String::concat));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String simpleName(Path file) {
        return file.getFileName().toString().replace(".java", "");
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// {@return what is wrong: a number that stands twice, a rule without a test, a test that does not exist}
    public List<String> problems() {
        List<String> problems = new ArrayList<>(problemsOf(text(house.resolve("docs/conformance.md"))));
        problems.addAll(problemsOfMap(text(house.resolve("docs/from-lisp.md"))));
        return problems;
    }

    /// {@return what is wrong with `page`}
    /// @param page rows of rules
    List<String> problemsOf(String page) {
        List<String> problems = new ArrayList<>();
        List<String> numbers = new ArrayList<>();
        for (String line : page.lines().toList()) {
            Matcher row = ROW.matcher(line);
            if (row.matches()) {
                if (numbers.contains(row.group(1))) {
                    problems.add(row.group(1) + " stands twice");
                }
                numbers.add(row.group(1));
                check(row.group(1), row.group(2), problems);
            }
        }
        return problems;
    }

    /// {@return what is wrong with `page`}
    /// @param page tables of names of Lisp, of which some have a column of tests
    List<String> problemsOfMap(String page) {
        List<String> problems = new ArrayList<>();
        boolean tested = false;
        for (String line : page.lines().toList()) {
            if (line.startsWith("| Lisp |")) {
                tested = line.endsWith("| test |");
            }
            Matcher row = MAPPED.matcher(line);
            if (tested && row.matches()) {
                lookUp(row.group(1), row.group(2), problems);
            }
        }
        return problems;
    }

    /// A row must name a test.
    void check(String number, String cell, List<String> problems) {
        if (lookUp(number, cell, problems) == 0) {
            problems.add(number + " names no test");
        }
    }

    /// A row names its tests as `` `ThingTest.Nested.doesThis`, `doesThat` ``; what has no class goes on with the last one.
    /// @return how many it names
    private int lookUp(String number, String cell, List<String> problems) {
        Matcher name = NAME.matcher(cell);
        String source = "";
        int found = 0;
        while (name.find()) {
            for (String part : name.group(1).split("\\.", -1)) {
                source = tests.getOrDefault(part, source);
                if (!tests.containsKey(part) && !source.contains("class " + part + " ") && !source.contains(" " + part + "(")) {
                    problems.add(number + " names a test that does not exist: " + name.group(1));
                }
            }
            found++;
        }
        return found;
    }
}
