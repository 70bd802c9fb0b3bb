package dev.thrum.plugins;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.web.WebApp;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Nobody gets out of the directory (S15, defect 1).
@Timeout(120)
@Tag("PL-27")
@Tag("D-1")
@Tag("S15")
class S15TraversalTest {
    private static final String SECRET = "the secret outside";

    @TempDir
    Path folder;

    private Path root;
    private Site site;

    @BeforeEach
    void start() throws Exception {
        root = Files.createDirectories(folder.resolve("root"));
        Files.createDirectories(root.resolve("sub"));
        Files.createDirectories(root.resolve(".git"));
        Files.writeString(folder.resolve("secret.txt"), SECRET);
        Files.createDirectories(folder.resolve("root-beside"));
        Files.writeString(folder.resolve("root-beside/secret.txt"), SECRET);
        Files.writeString(root.resolve("open.txt"), "open");
        Files.writeString(root.resolve("sub/open.txt"), "open");
        Files.writeString(root.resolve(".git/config"), SECRET);
        Files.writeString(root.resolve(".env"), SECRET);
        site = Site.of(WebApp.create().install(StaticFiles.of("/f", root).withListing()));
    }

    @AfterEach
    void stop() {
        site.close();
    }

    /// Every way of writing `..` and the slash that somebody's server has fallen for.
    private static List<String> corpus() {
        List<String> up = List.of(
                "..", "%2e%2e", "%2E%2e", ".%2e", "%2e.", "..;", "..;x=1", "%252e%252e", "%c0%ae%c0%ae", "%e0%80%ae%e0%80%ae",
                "%u002e%u002e", "..%00", "%00..", "..%20", "..%09", "..%0d%0a", ".. ", "...", "....", "..%01", "%uff0e%uff0e",
                "%f0%80%80%ae", "..%c2%a0", "%ef%bc%8e%ef%bc%8e", ".%00.", "..%3b", "..%23", "..%3f");
        List<String> slash = List.of(
                "/", "%2f", "%2F", "%252f", "\\", "%5c", "%5C", "%255c", "//", "/./", "%c0%af", "%e0%80%af", "%u2215", "/;/", "%2f/",
                "%00/", "%ef%bc%8f");
        List<String> start = List.of("/f/", "/f/sub/");
        List<String> paths = new ArrayList<>();
        for (String from : start) {
            for (String dots : up) {
                for (String separator : slash) {
                    paths.add(from + dots + separator + "secret.txt");
                    paths.add(from + dots + separator + dots + separator + "secret.txt");
                }
            }
        }
        paths.addAll(List.of(
                "/f/../root-beside/secret.txt", "/f-beside/secret.txt", "/f/C:/secret.txt", "/f/C:%5csecret.txt",
                "/f/file:///etc/passwd", "/f//etc/passwd", "/f/%2fetc/passwd", "/f/proc/self/environ", "/f/~/secret.txt",
                "/f/open.txt::$DATA", "/f/open.txt%00.png", "/f/OPEN~1.TXT", "/f/open.txt.", "/f/open.txt%20", "/f/nul", "/f/con.txt",
                "/f/com1", "/f/.git/config", "/f/.env", "/f/%2egit/config", "/f/sub/../.env", "/f/.git/", "/f/sub/%2e%2e/.env"));
        return paths;
    }

    @Test
    void noEncodingLeadsOut() throws Exception {
        List<String> paths = corpus();
        assertThat(paths).hasSizeGreaterThan(500);
        for (String path : paths) {
            assertThat(site.rawGet(path)).as(path).doesNotContain(SECRET).matches("(?s)HTTP/1.1 (400|404|308) .*");
        }
        assertThat(site.get("/f/open.txt").body()).isEqualTo("open");
    }

    @Test
    void aLinkMayLeadAroundInsideButNotOut() throws Exception {
        Files.createSymbolicLink(root.resolve("inside.txt"), Path.of("sub/open.txt"));
        Files.createSymbolicLink(root.resolve("out.txt"), folder.resolve("secret.txt"));
        Files.createSymbolicLink(root.resolve("outdir"), folder);
        Files.createSymbolicLink(root.resolve("hidden.txt"), root.resolve(".env"));
        Files.createSymbolicLink(root.resolve("loop"), root.resolve("loop"));
        Files.createSymbolicLink(root.resolve("beside"), folder.resolve("root-beside"));
        assertThat(site.get("/f/inside.txt").body()).isEqualTo("open");
        for (String path : List.of("out.txt", "outdir/secret.txt", "hidden.txt", "loop", "beside/secret.txt", "outdir/")) {
            assertThat(site.get("/f/" + path).statusCode()).as(path).isEqualTo(404);
        }
        assertThat(site.get("/f/").body()).contains("inside.txt").doesNotContain("out.txt").doesNotContain("beside");
    }

    @Test
    void aFileSystemThatIgnoresCaseGivesNobodyASecondName() {
        Path real = root.resolve("Admin/open.txt");
        assertThat(FileTree.isMisspelled(root.resolve("admin/open.txt"), real)).isTrue();
        assertThat(FileTree.isMisspelled(root.resolve("Admin/OPEN.TXT"), real)).isTrue();
        assertThat(FileTree.isMisspelled(real, real)).isFalse();
        assertThat(FileTree.isMisspelled(root.resolve("link.txt"), real)).isFalse();
    }

    @Test
    void theDirectoryItselfMayBeALink() throws Exception {
        Path link = Files.createSymbolicLink(folder.resolve("current"), root);
        try (Site linked = Site.of(WebApp.create().install(StaticFiles.of("/", link)))) {
            assertThat(linked.get("/sub/open.txt").body()).isEqualTo("open");
        }
    }

    @Test
    void whoSwapsADirectoryForALinkMeanwhileLeadsNobodyOut() throws Exception {
        Files.createDirectories(folder.resolve("evil"));
        Files.writeString(folder.resolve("evil/open.txt"), SECRET);
        Path real = Files.move(root.resolve("sub"), folder.resolve("real-sub"));
        Path link = Files.createSymbolicLink(folder.resolve("link-sub"), folder.resolve("evil"));
        AtomicBoolean over = new AtomicBoolean();
        Thread swapper = Thread.ofPlatform().start(() -> swap(real, link, over));
        try {
            int served = 0;
            for (int i = 0; i < 1_500 || served == 0; i++) {
                String body = site.get("/f/sub/open.txt").body();
                assertThat(body).doesNotContain(SECRET);
                served += body.equals("open") ? 1 : 0;
            }
        } finally {
            over.set(true);
            swapper.join();
        }
    }

    /// Puts the directory and the link in one place in turn.
    private void swap(Path real, Path link, AtomicBoolean over) {
        Path place = root.resolve("sub");
        try {
            while (!over.get()) {
                Files.move(real, place);
                Files.move(place, real);
                Files.move(link, place, StandardCopyOption.ATOMIC_MOVE);
                Files.move(place, link, StandardCopyOption.ATOMIC_MOVE);
            }
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
