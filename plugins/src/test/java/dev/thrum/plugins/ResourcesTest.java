package dev.thrum.plugins;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.thrum.web.Server;
import dev.thrum.web.WebApp;
import java.io.IOException;
import java.io.OutputStream;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Files that come with the program: in a jar, and unpacked.
@Timeout(60)
class ResourcesTest {
    @TempDir
    Path folder;

    private final AtomicInteger asked = new AtomicInteger();
    private volatile Optional<Server> server = Optional.empty(); // of whoever asks the source
    private Path jar;
    private Site site;

    @BeforeEach
    void files() throws Exception {
        jar = folder.resolve("site.jar");
        try (OutputStream out = Files.newOutputStream(jar);
                JarOutputStream entries = new JarOutputStream(out)) {
            for (var each : Map.of(
                            "index.html", "the page", "deep/", "", "deep/style.css", "b {}", ".secret", "no", "Shop.class", "no")
                    .entrySet()) {
                entries.putNextEntry(new JarEntry(each.getKey()));
                entries.write(each.getValue().getBytes());
            }
        }
        Files.createDirectories(folder.resolve("open/deep"));
        Files.writeString(folder.resolve("open/index.html"), "the page");
        site = Site.of(WebApp.create()
                .install(Resources.of("/site", this::inJar).withMaxAge(Duration.ofMinutes(1)))
                .get("/site/left", (request, response) -> response.pass()));
    }

    @AfterEach
    void stop() {
        site.close();
    }

    private @Nullable URL inJar(String name) {
        asked.incrementAndGet();
        server = Server.current();
        try {
            URL url = URI.create("jar:" + jar.toUri() + "!/" + name).toURL();
            url.openConnection().connect();
            return url;
        } catch (MalformedURLException e) {
            throw new IllegalStateException(e);
        } catch (IOException absent) {
            return null;
        }
    }

    private static String header(HttpResponse<?> answer, String name) {
        return answer.headers().firstValue(name).orElse("");
    }

    @Test
    @Tag("PL-29")
    void aFileOfTheProgramComesWithLengthTypeAndTag() throws Exception {
        var answer = site.get("/site/deep/style.css");
        assertThat(answer.body()).isEqualTo("b {}");
        assertThat(header(answer, "Content-Type")).isEqualTo("text/css; charset=utf-8");
        assertThat(header(answer, "Content-Length")).isEqualTo("4");
        assertThat(header(answer, "Cache-Control")).isEqualTo("public, max-age=60");
        assertThat(site.get("/site/deep/style.css", "If-None-Match", header(answer, "ETag")).statusCode()).isEqualTo(304);
        assertThat(site.get("/site/deep/style.css", "If-Match", "\"other\"").statusCode()).isEqualTo(412);
        assertThat(site.raw("HEAD /site/ HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"))
                .contains("Content-Length: 8")
                .endsWith("\r\n\r\n");
    }

    @Test
    @Tag("PL-29")
    void aPathWithASlashIsItsPage() throws Exception {
        assertThat(site.get("/site/").body()).isEqualTo("the page");
        var moved = site.rawGet("/site?a=b");
        assertThat(moved).startsWith("HTTP/1.1 308").contains("Location: /site/?a=b\r\n");
    }

    @Test
    @Tag("PL-29")
    void theSourceIsAskedUnderTheScopeOfTheRequest() throws Exception {
        site.get("/site/");
        assertThat(server).contains(site.server());
    }

    @Test
    @Tag("PL-29")
    void itIsReadOnceAndWhatIsNotThereIsNotRemembered() throws Exception {
        for (int i = 0; i < 3; i++) {
            assertThat(site.get("/site/index.html").statusCode()).isEqualTo(200);
        }
        assertThat(asked).hasValue(1);
        assertThat(site.get("/site/absent").statusCode()).isEqualTo(404);
        assertThat(site.get("/site/absent").statusCode()).isEqualTo(404);
        assertThat(asked).hasValue(3);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/site/.secret",
                "/site/Shop.class",
                "/site/deep",
                "/site/deep/",
                "/site/%2e%2e/site.jar",
                "/site/con",
                "/site/deep/style.css%20",
                "/site/left"
            })
    @Tag("PL-29")
    void nothingElseIsThere(String path) throws Exception {
        assertThat(site.rawGet(path)).startsWith("HTTP/1.1 404");
    }

    @Test
    @Tag("PL-29")
    void aDirectoryThatIsNotPackedIsNoFileEither() throws Exception {
        try (Site open = Site.of(WebApp.create().install(Resources.of("/", this::unpacked)))) {
            assertThat(open.get("/").body()).isEqualTo("the page");
            assertThat(open.get("/deep").statusCode()).isEqualTo(404);
        }
        assertThatIllegalArgumentException().isThrownBy(() -> Resources.of("site", this::inJar));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Resources.of("/", this::inJar).withMaxAge(Duration.ofSeconds(-1)));
    }

    private @Nullable URL unpacked(String name) {
        Path file = folder.resolve("open").resolve(name);
        try {
            return Files.exists(file) ? file.toUri().toURL() : null;
        } catch (MalformedURLException e) {
            throw new IllegalStateException(e);
        }
    }
}
