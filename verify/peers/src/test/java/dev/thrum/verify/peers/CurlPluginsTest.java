package dev.thrum.verify.peers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.brotli.Brotli;
import dev.thrum.plugins.AccessLog;
import dev.thrum.plugins.Authentication;
import dev.thrum.plugins.Compression;
import dev.thrum.plugins.Cookie;
import dev.thrum.plugins.Cookies;
import dev.thrum.plugins.Forms;
import dev.thrum.plugins.Multipart;
import dev.thrum.plugins.StaticFiles;
import dev.thrum.plugins.User;
import dev.thrum.promise.Promise;
import dev.thrum.web.Listener;
import dev.thrum.web.Server;
import dev.thrum.web.WebApp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What curl makes of the plugins.
class CurlPluginsTest {
    @TempDir
    static Path folder;

    private static Server server;
    private static String url;

    @BeforeAll
    static void start() throws IOException {
        byte[] noise = new byte[2 << 20];
        new Random(7).nextBytes(noise);
        Files.createDirectory(folder.resolve("files"));
        Files.write(folder.resolve("files/noise.bin"), noise);
        Files.writeString(folder.resolve("files/text.txt"), "a line of text\n".repeat(10_000));
        server = WebApp.create()
                .install(
                        AccessLog.to(folder.resolve("access.log")),
                        Forms.standard(),
                        Multipart.standard(),
                        Compression.standard().with(Brotli.standard()),
                        StaticFiles.of("/files", folder.resolve("files")),
                        Authentication.of("test")
                                .withBasic((user, password) -> Promise.of(
                                        password.equals("secret") ? Optional.of(User.of(user)) : Optional.empty()))
                                .below("/private"))
                .get("/private", (request, response) ->
                        response.send(User.of(request).orElseThrow().name()))
                .get("/cookie", (request, response) -> {
                    int count = Cookies.read(request).first("count").map(Integer::parseInt).orElse(0) + 1;
                    Cookies.set(response, Cookie.of("count", Integer.toString(count)).insecure());
                    response.send("visit " + count);
                })
                .post("/form", (request, response) -> response.send(
                        Forms.form(request).map(form -> form.first("name").orElse("?"))))
                .post("/length", (request, response) ->
                        response.send(request.bytes().map(bytes -> bytes.length + " bytes")))
                .post("/upload", (request, response) -> response.send(Multipart.form(request)
                        .then(form -> form.file("file").orElseThrow().moveTo(folder.resolve("uploaded"))
                                .map(path -> form.fields().first("note").orElse("?") + " "
                                        + form.file("file").orElseThrow().fileName()))))
                .start(Listener.http(0).withHost("127.0.0.1"));
        url = "http://127.0.0.1:" + server.ports().getFirst();
    }

    @AfterAll
    static void stop() throws IOException {
        server.close();
        assertThat(Files.readString(folder.resolve("access.log"))).contains("\"GET /cookie HTTP/1.1\" 200 7 ");
    }

    private static String curl(String... arguments) throws IOException, InterruptedException {
        String[] command = new String[arguments.length + 4];
        command[0] = "curl";
        command[1] = "-sS";
        command[2] = "--max-time";
        command[3] = "20";
        System.arraycopy(arguments, 0, command, 4, arguments.length);
        Foreign curl = Foreign.run(command);
        assertThat(curl.exit()).as(curl.output()).isZero();
        return curl.output();
    }

    @Test
    void sendsAForm() throws Exception {
        assertThat(curl("--data-urlencode", "name=käse & brot", url + "/form")).isEqualTo("käse & brot");
        assertThat(curl("-F", "name=käse & brot", url + "/form")).isEqualTo("käse & brot");
    }

    @Test
    void uploadsAFile() throws Exception {
        Path file = folder.resolve("files/noise.bin");
        assertThat(curl("-F", "note=hello", "-F", "file=@" + file + ";filename=a\"b\\c.bin", url + "/upload"))
                .startsWith("hello ");
        assertThat(folder.resolve("uploaded")).hasSameBinaryContentAs(file);
    }

    @Test
    void downloadsAFileAndGoesOnWhereItHasStopped() throws Exception {
        Path file = folder.resolve("files/noise.bin");
        Path part = folder.resolve("part.bin");
        curl("-r", "0-999999", "-o", part.toString(), url + "/files/noise.bin");
        assertThat(part).hasSize(1_000_000);
        curl("-C", "-", "-o", part.toString(), url + "/files/noise.bin");
        assertThat(part).hasSameBinaryContentAs(file);
    }

    @Test
    void asksWhetherAFileHasChanged() throws Exception {
        Path tag = folder.resolve("tag");
        Path first = folder.resolve("first.txt");
        curl("--etag-save", tag.toString(), "-o", first.toString(), url + "/files/text.txt");
        assertThat(curl("--etag-compare", tag.toString(), "-w", "%{http_code}", url + "/files/text.txt")).isEqualTo("304");
        assertThat(curl("-z", first.toString(), "-w", "%{http_code}", "-o", "/dev/null", url + "/files/text.txt"))
                .isEqualTo("304");
    }

    @Test
    void unpacksAnAnswer() throws Exception {
        Path unpacked = folder.resolve("unpacked.txt");
        for (String coding : List.of("br", "gzip", "deflate")) {
            String size = curl("--compressed", "-H", "Accept-Encoding: " + coding, "-w", "%{size_download} %header{content-encoding}",
                    "-o", unpacked.toString(), url + "/files/text.txt");
            assertThat(size).endsWith(" " + coding);
            assertThat(Integer.parseInt(size.split(" ", 2)[0])).isLessThan(10_000);
            assertThat(unpacked).hasSameBinaryContentAs(folder.resolve("files/text.txt"));
        }
    }

    @Test
    void sendsAPackedBody() throws Exception {
        Path packed = folder.resolve("packed.gz");
        Foreign gzip = Foreign.run("sh", "-c", "gzip -c " + folder.resolve("files/text.txt") + " > " + packed);
        assertThat(gzip.exit()).isZero();
        assertThat(curl("-H", "Content-Encoding: gzip", "--data-binary", "@" + packed, url + "/length"))
                .isEqualTo("150000 bytes");
    }

    @Test
    void keepsACookie() throws Exception {
        Path jar = folder.resolve("jar");
        for (int visit = 1; visit <= 3; visit++) {
            assertThat(curl("-b", jar.toString(), "-c", jar.toString(), url + "/cookie")).isEqualTo("visit " + visit);
        }
    }

    @Test
    void provesWhoItIs() throws Exception {
        assertThat(curl("-u", "ada:secret", url + "/private")).isEqualTo("ada");
        assertThat(curl("-u", "ada:wrong", "-w", "%{http_code}", "-o", "/dev/null", url + "/private")).isEqualTo("401");
    }
}
