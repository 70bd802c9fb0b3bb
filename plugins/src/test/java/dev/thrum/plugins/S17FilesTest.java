package dev.thrum.plugins;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.web.WebApp;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What is hidden stays so, names are nothing but names, and nobody poisons what others get (S17, defect 1).
@Timeout(60)
@Tag("S17")
class S17FilesTest {
    @TempDir
    Path root;

    private StaticFiles files;
    private Site site;

    @BeforeEach
    void files() throws Exception {
        Files.createDirectories(root.resolve("deep"));
        Files.writeString(root.resolve("page.html"), "page");
        files = StaticFiles.of("/files", root);
    }

    @AfterEach
    void stop() {
        if (site != null) {
            site.close();
        }
    }

    private Site site() {
        if (site == null) {
            site = Site.of(WebApp.create().install(files));
        }
        return site;
    }

    private HttpResponse<String> get(String path, String... headers) throws Exception {
        return site().get(path, headers);
    }

    private static String header(HttpResponse<?> answer, String name) {
        return answer.headers().firstValue(name).orElse("");
    }

    @Test
    @Tag("PL-26")
    @Tag("D-1")
    void aListingIsAskedForAndItsNamesAreNothingButNames() throws Exception {
        assertThat(get("/files/").statusCode()).isEqualTo(404);
        site.close();
        site = null;
        Files.writeString(root.resolve("deep/a<script>.txt"), "x");
        Files.writeString(root.resolve("deep/.hidden"), "x");
        Files.writeString(root.resolve("deep/a&'b.txt"), "x");
        Files.createDirectory(root.resolve("deep/sub"));
        files = files.withListing();
        String page = get("/files/deep/").body();
        assertThat(page).contains("<a href=\"../\">").contains(">sub/</a>")
                .contains("<a href=\"./a&amp;&#39;b.txt\">a&amp;&#39;b.txt</a>")
                .doesNotContain("<script").doesNotContain("hidden");
        var json = get("/files/deep/", "Accept", "application/json");
        assertThat(json.body()).contains("\"name\":\"sub\",\"directory\":true").doesNotContain("<script");
        assertThat(header(json, "Content-Security-Policy")).isEqualTo("default-src 'none'");
    }

    @Test
    @Tag("PL-26")
    void aDirectoryMayBeCalledWhateverItLikes() throws Exception {
        files = files.withListing();
        for (String name : List.of("<script>alert(1)<", "\"onload=\"x", "'&amp;", "a\nb", "javascript:x", "\u202egnp.exe", "%2e%2e")) {
            Path directory = Files.createDirectories(root.resolve("deep").resolve(name));
            Files.writeString(directory.resolve("inside"), "x");
        }
        String page = get("/files/deep/").body();
        assertThat(page).doesNotContain("<script", "\"onload", "href=\"javascript", "a\nb").contains("%252e%252e");
        assertThat(page.lines().filter(line -> line.contains("<li>"))).allMatch(line -> line.contains("<a href=\".."
                + "/\">") || line.contains("<a href=\"./"));
        assertThat(get("/files/deep/%2527&amp;/").statusCode()).isEqualTo(404);
        assertThat(get("/files/deep/%27&amp;/").body()).contains("<title>/files/deep/&#39;&amp;amp;/</title>");
    }

    @Test
    @Tag("PL-26")
    void nothingIsRememberedOfWhatWasNotThere() throws Exception {
        assertThat(get("/files/later.txt").statusCode()).isEqualTo(404);
        Files.writeString(root.resolve("later.txt"), "here");
        assertThat(get("/files/later.txt").body()).isEqualTo("here");
        assertThat(site().rawGet("/files/x%2F..%2Flater.txt")).startsWith("HTTP/1.1 400 ");
        assertThat(get("/files/later.txt").body()).isEqualTo("here");
    }

    @Test
    @Tag("PL-26")
    void whatIsHiddenIsNotThereByAnyName() throws Exception {
        Files.createDirectories(root.resolve(".well-known"));
        Files.writeString(root.resolve(".well-known/secret"), "secret");
        Files.writeString(root.resolve(".htpasswd"), "secret");
        Files.writeString(root.resolve("deep/.index.html"), "secret");
        Files.writeString(root.resolve("page.html.gz"), "packed");
        files = files.withListing().withPrecompressed().withIndex(".index.html").withFallback(".htpasswd");
        for (String path : List.of("/.htpasswd", "/.well-known/secret", "/.well-known/", "/deep/", "/nowhere", "/deep/.index.html")) {
            assertThat(get("/files" + path, "Accept", "text/html").body()).as(path).doesNotContain("secret").doesNotContain(".htp");
        }
        site.close();
        site = null;
        files = files.withHidden();
        assertThat(get("/files/.well-known/secret").body()).isEqualTo("secret");
    }

    @Test
    @Tag("PL-26")
    void whatIsNotThereMayNotBeKept() throws Exception {
        var absent = get("/files/absent");
        assertThat(absent.statusCode()).isEqualTo(404);
        assertThat(absent.headers().map()).doesNotContainKeys("etag", "last-modified");
        assertThat(header(absent, "Cache-Control")).doesNotContain("max-age").doesNotContain("public");
    }
}
