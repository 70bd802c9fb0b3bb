package dev.thrum.verify.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Runs Jazzer in a process of its own, a while for each entrance. What it has learned stays for the next run; an input that finds
/// something is kept beside, and belongs among the seeds of its entrance.
class FuzzTest {
    private static final String SECONDS = System.getProperty("thrum.fuzz.seconds", "60");
    private static final Path RESULTS = Path.of(System.getProperty("thrum.fuzz.results", "target/fuzz"));

    @ParameterizedTest
    @ValueSource(
            strings = {
                "dev.thrum.http.ConnectionFuzz",
                "dev.thrum.http.PathFuzz",
                "dev.thrum.plugins.MultipartFuzz",
                "dev.thrum.plugins.FieldsFuzz"
            })
    void nothingIsFound(String entrance) throws Exception {
        Path learned = Files.createDirectories(RESULTS.resolve(entrance).resolve("learned"));
        Path seeds = Files.createDirectories(RESULTS.resolve(entrance).resolve("seeds"));
        int number = 0;
        for (byte[] seed : seeds(entrance)) {
            Files.write(seeds.resolve("seed-" + number++), seed);
        }
        Path log = RESULTS.resolve(entrance).resolve("log");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx512m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "com.code_intelligence.jazzer.Jazzer",
                        "--target_class=" + entrance,
                        "--instrumentation_includes=dev.thrum.**",
                        "--reproducer_path=" + RESULTS.resolve(entrance),
                        "-artifact_prefix=" + RESULTS.resolve(entrance) + "/",
                        "-max_total_time=" + SECONDS,
                        "-max_len=4096",
                        "-timeout=30",
                        learned.toString(),
                        seeds.toString())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        assertThat(process.waitFor()).as("Jazzer says in %s", log).isZero();
        assertThat(log)
                .content()
                .containsPattern("INFO: +" + number + " files found in .*seeds\n")
                .containsPattern("Done \\d+ runs in");
    }

    @SuppressWarnings("unchecked") // each entrance has such seeds
    private static List<byte[]> seeds(String entrance) throws ReflectiveOperationException {
        Method seeds = Class.forName(entrance).getDeclaredMethod("seeds");
        seeds.setAccessible(true);
        return (List<byte[]>) seeds.invoke(null);
    }
}
