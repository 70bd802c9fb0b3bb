package dev.thrum.cli;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Runs the script `thrum` in a copy of the house whose Maven and JDKs are scripts that say how they were called.
class LauncherTest {
    private static final String JAVA = "#!/bin/sh\nfor word; do echo \"<$word>\"; done\n";
    private static final String LEARNING_JAVA = """
            #!/bin/sh
            for word; do
              echo "<$word>"
              case $word in -XX:AOTCacheOutput=*) echo "java learned" >>"$LOG"; echo learned >"${word#*=}" ;; esac
            done
            """;
    private static final String MAVEN = """
            #!/bin/sh
            echo "maven ran $*" >>"$LOG"
            echo "[INFO] Building Thrum 1.0                [1/2]"
            echo "[INFO] Building Thrum scope 1.0          [2/2]"
            mkdir -p scope/target cli/target examples/photos/target
            touch scope/target/thrum-scope-1.0.jar cli/target/thrum-cli-1.0.jar examples/photos/target/photos-1.0.jar
            """;

    @TempDir
    Path temp;

    private Path house;
    private Path log;
    private Map<String, String> environment;

    private record Outcome(int status, List<String> out, List<String> err) {}

    @BeforeEach
    void build() throws IOException {
        house = Files.createDirectories(temp.resolve("a house"));
        log = Files.createFile(temp.resolve("log"));
        Files.copy(Path.of("..", "thrum"), house.resolve("thrum"));
        Files.writeString(house.resolve("pom.xml"), "<version>1.0</version>\n<version>2.0</version>\n");
        for (String module : List.of("scope", "cli", "examples/photos")) {
            Files.createDirectories(house.resolve(module, "src", "main", "java"));
            Files.createFile(house.resolve(module, "pom.xml"));
        }
        executable(temp.resolve("bin", "mvn"), MAVEN);
        environment = new TreeMap<>(Map.of(
                "PATH", temp.resolve("bin") + File.pathSeparator + "/usr/bin" + File.pathSeparator + "/bin",
                "HOME", temp.resolve("home").toString(),
                "LOG", log.toString(),
                "JAVA_HOME", jdk("jdk 25", "25.0.4").toString()));
    }

    @Test
    void theCommandGetsItsArguments() throws Exception {
        Outcome outcome = thrum("help", "two words");
        assertThat(outcome.status()).isZero();
        assertThat(outcome.out()).endsWith("<dev.thrum.cli/dev.thrum.cli.Thrum>", "<help>", "<two words>");
    }

    @Test
    void theModulePathNamesEveryJar() throws Exception {
        assertThat(thrum("version").out())
                .anySatisfy(word -> assertThat(word)
                        .contains(house + "/cli/target/thrum-cli-1.0.jar:" + house + "/scope/target/thrum-scope-1.0.jar"));
    }

    @Test
    void theLibrariesOfARoomAreOnThePath() throws Exception {
        Path library = house.resolve("scope", "target", "lib", "foreign-3.jar");
        Files.createDirectories(library.getParent());
        Files.createFile(library);
        assertThat(thrum("version").out()).anySatisfy(word -> assertThat(word).contains(library.toString()));
        assertThat(thrum("demo").out()).anySatisfy(word -> assertThat(word).contains(library.toString()));
    }

    @Test
    void theBuildShowsItsProgress() throws Exception {
        assertThat(thrum("version").err()).hasSize(2).last().asString().isEqualToIgnoringWhitespace("2/2 scope");
    }

    @Test
    void whatIsBuiltIsNotBuiltAgain() throws Exception {
        thrum("version");
        assertThat(thrum("version").err()).isEmpty();
        assertThat(log).content().hasLineCount(1);
    }

    @Test
    void aNewerSourceIsBuilt() throws Exception {
        thrum("version");
        Path source = Files.createFile(house.resolve("scope/src/main/java/Scope.java"));
        Files.setLastModifiedTime(source, FileTime.fromMillis(System.currentTimeMillis() + 5_000));
        thrum("version");
        assertThat(log).content().hasLineCount(2);
    }

    @Test
    void aMissingJarIsBuilt() throws Exception {
        thrum("version");
        Files.delete(house.resolve("scope/target/thrum-scope-1.0.jar"));
        thrum("version");
        assertThat(log).content().hasLineCount(2);
    }

    @Test
    void ofTwoStartsAtOnceOneBuilds() throws Exception {
        String both = "./thrum version & ./thrum version & wait";
        assertThat(run(house, "/bin/sh", "-c", both).out()).filteredOn("<version>"::equals).hasSize(2);
        assertThat(log).content().hasLineCount(1);
    }

    @Test
    void aBuildThatDiedHoldsNothing() throws Exception {
        Path lock = Files.createDirectories(house.resolve("target")).resolve("thrum-build.lock");
        Files.createSymbolicLink(lock, Path.of("4194305")); // no process has such a number
        assertThat(thrum("version").status()).isZero();
        assertThat(lock).doesNotExist();
    }

    @Test
    void aBuildThatFailsSaysWhy() throws Exception {
        executable(temp.resolve("bin", "mvn"), "#!/bin/sh\necho '[ERROR] no such symbol'\nexit 1\n");
        Outcome outcome = thrum("version");
        assertThat(outcome.status()).isEqualTo(70);
        assertThat(outcome.err())
                .contains("[ERROR] no such symbol")
                .last()
                .asString()
                .startsWith("thrum: the build failed");
    }

    @Test
    void withoutMavenTwoLinesSayWhatToDo() throws Exception {
        Files.delete(temp.resolve("bin", "mvn"));
        for (String tool : List.of("dirname", "readlink", "sed", "head", "tr", "sort", "find", "basename")) {
            executable(temp.resolve("bin", tool), "#!/bin/sh\nPATH=/usr/bin:/bin exec " + tool + " \"$@\"\n");
        }
        environment.put("PATH", temp.resolve("bin").toString());
        Outcome outcome = thrum("version");
        assertThat(outcome.status()).isEqualTo(69);
        assertThat(outcome.err()).hasSize(2).first().asString().startsWith("thrum: Maven is needed");
    }

    @Test
    void withoutAJdkTwoLinesSayWhatToDo() throws Exception {
        Path script = house.resolve("thrum");
        Files.writeString(script, Files.readString(script).replace("needed=25", "needed=999"));
        Outcome outcome = thrum("demo");
        assertThat(outcome.status()).isEqualTo(69);
        assertThat(outcome.err()).hasSize(2);
        assertThat(outcome.err().getFirst()).isEqualTo("thrum: no JDK 999 or newer on this machine.");
        assertThat(outcome.err().getLast()).startsWith("Install one ");
        assertThat(log).isEmptyFile();
    }

    @Test
    void aJdkThatWasAskedForMustDo() throws Exception {
        environment.put("THRUM_JAVA_HOME", jdk("jdk 17", "17.0.15").toString());
        Outcome outcome = thrum("version");
        assertThat(outcome.status()).isEqualTo(69);
        assertThat(outcome.err()).hasSize(2).first().asString().startsWith("thrum: THRUM_JAVA_HOME is no JDK 25");
    }

    @Test
    void anOlderJdkIsPassedOver() throws Exception {
        environment.put("JAVA_HOME", jdk("jdk 17", "17.0.15").toString());
        Path onPath = jdk("jdk 26", "26-ea");
        Files.createSymbolicLink(temp.resolve("bin", "java"), onPath.resolve("bin", "java"));
        assertThat(thrum("version").err().getFirst()).startsWith("Building Thrum with " + onPath);
    }

    @Test
    void aRuntimeWithoutACompilerIsPassedOver() throws Exception {
        Path runtime = jdk("jre 25", "25.0.4");
        Files.delete(runtime.resolve("bin", "javac"));
        environment.put("THRUM_JAVA_HOME", runtime.toString());
        assertThat(thrum("version").status()).isEqualTo(69);
    }

    @Test
    void itRunsThroughALinkFromAnywhere() throws Exception {
        Path link = Files.createSymbolicLink(temp.resolve("link"), Path.of("a house/thrum"));
        Outcome outcome = run(temp, link.toString(), "version");
        assertThat(outcome.status()).isZero();
        assertThat(outcome.out()).last().isEqualTo("<version>");
    }

    @Test
    void theDemoGetsItsArguments() throws Exception {
        Outcome outcome = thrum("demo", "--port", "9000", "--dir", "my photos");
        assertThat(outcome.out())
                .contains("<-Dthrum.trace=false>")
                .endsWith("<dev.thrum.examples.photos.Main>", "<--port>", "<9000>", "<--dir>", "<my photos>");
    }

    @Test
    void developmentModeTraces() throws Exception {
        assertThat(thrum("demo", "--dev", "--port", "9000").out())
                .contains("<-Dthrum.trace=true>")
                .endsWith("<dev.thrum.examples.photos.Main>", "<--port>", "<9000>");
    }

    @Test
    void theFirstDemoMakesACacheForQuickerStarts() throws Exception {
        executable(temp.resolve("jdk 25", "bin", "java"), LEARNING_JAVA);
        String option = "<-XX:AOTCache=" + house.resolve("target", "thrum-photos.aot") + ">";
        assertThat(thrum("demo").out()).contains(option);
        assertThat(thrum("demo").out()).contains(option);
        assertThat(log).content().containsOnlyOnce("java learned");
    }

    @Test
    void aJdkThatMakesNoCacheIsAskedOnce() throws Exception {
        assertThat(thrum("demo").err()).contains("Making a cache for quicker starts");
        Outcome outcome = thrum("demo");
        assertThat(outcome.err()).isEmpty();
        assertThat(outcome.out()).noneSatisfy(word -> assertThat(word).contains("AOT"));
    }

    @Test
    void theDemoExplainsItself() throws Exception {
        assertThat(thrum("demo", "--help").out()).endsWith("<help>", "<demo>");
    }

    @Test
    void routesAreThoseOfTheExamples() throws Exception {
        Outcome outcome = thrum("routes", "photos");
        assertThat(outcome.out()).contains("<-cp>").endsWith("<dev.thrum.cli.Thrum>", "<routes>", "<photos>");
        assertThat(log).content().contains("-pl cli,examples/photos ");
    }

    private Outcome thrum(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("./thrum"));
        command.addAll(List.of(arguments));
        return run(house, command.toArray(String[]::new));
    }

    private Outcome run(Path directory, String... command) throws IOException, InterruptedException {
        Path out = temp.resolve("out");
        Path err = temp.resolve("err");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment().clear();
        builder.environment().putAll(environment);
        Process process = builder.start();
        assertThat(process.waitFor(60, SECONDS)).isTrue();
        return new Outcome(process.exitValue(), Files.readAllLines(out), Files.readAllLines(err));
    }

    private Path jdk(String name, String version) throws IOException {
        Path home = temp.resolve(name);
        executable(home.resolve("bin", "java"), JAVA);
        executable(home.resolve("bin", "javac"), JAVA);
        Files.writeString(home.resolve("release"), "IMPLEMENTOR=\"me\"\nJAVA_VERSION=\"" + version + "\"\n");
        return home;
    }

    private static void executable(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}
