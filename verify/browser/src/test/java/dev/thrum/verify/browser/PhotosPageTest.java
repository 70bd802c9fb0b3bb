package dev.thrum.verify.browser;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.examples.photos.Draw;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A user of the photo service.
@Timeout(120)
class PhotosPageTest {
    @TempDir
    private static Path temp;

    private static Program service;
    private static Browser browser;

    @BeforeAll
    static void start() throws Exception {
        service = Program.start(temp.resolve("photos"));
        browser = Browser.start(Files.createDirectory(temp.resolve("profile")));
    }

    @AfterAll
    static void stop() {
        browser.close();
        service.close();
    }

    @BeforeEach
    void open() throws Exception {
        browser.open(service.pages().getFirst());
        browser.until("document.querySelectorAll('#workers li').length === 2");
    }

    /// Whatever happened, the page's scripts and its policy had no problem with it. Its picture is kept beside the reports.
    @AfterEach
    void check(TestInfo test) throws Exception {
        Path target = Files.createDirectories(Path.of("target", "screenshots"));
        browser.screenshot(target.resolve(test.getTestMethod().orElseThrow().getName() + ".png"));
        browser.evaluate("Promise.all([...document.querySelectorAll('.photo')]"
                + ".map(photo => fetch('/photos/' + photo.dataset.id, {method: 'DELETE'})))");
        assertThat(browser.problems()).isEmpty();
    }

    private static Path drawn(String name, int width, int height) throws IOException {
        Path file = temp.resolve(name);
        Draw.draw(width, height, 7, file);
        return file;
    }

    private static void upload(String name, int width, int height) throws Exception {
        browser.choose("#file", drawn(name, width, height));
        browser.until("document.querySelectorAll('.photo:not(.making) .sizes a').length === 3");
    }

    @Test
    void anUploadShowsItsThumbnails() throws Exception {
        upload("a.jpg", 1500, 1000);
        browser.until("document.querySelector('.photo img').naturalWidth > 0");
        assertThat(browser.evaluate("document.querySelector('.photo .facts').textContent")).startsWith("1500 × 1000, ");
        assertThat(browser.evaluate("""
                Promise.all([...document.querySelectorAll('.photo .sizes a')].map(async link => {
                  const image = new Image();
                  image.src = link.href;
                  await image.decode();
                  return link.textContent + ' ' + image.naturalWidth;
                }))""")).isEqualTo("small 160,medium 480,large 1280");
        browser.until("document.querySelectorAll('#uploads li').length === 0");
    }

    @Test
    void thumbnailsAppearAsTheyCome() throws Exception {
        browser.evaluate("""
                new MutationObserver(() => { window.seenMaking ||= !!document.querySelector('.photo.making'); })
                  .observe(document.querySelector('#photos'), {childList: true, subtree: true})""");
        upload("large.jpg", 6000, 4000);
        assertThat(browser.evaluate("window.seenMaking")).isEqualTo("true");
    }

    @Test
    void aDroppedPictureIsUploaded() throws Exception {
        byte[] png = Files.readAllBytes(drawn("dropped.png", 60, 40));
        browser.evaluate("""
                (() => {
                  const files = new DataTransfer();
                  files.items.add(new File([new Uint8Array(%s)], 'dropped.png', {type: 'image/png'}));
                  const drop = {bubbles: true, cancelable: true, dataTransfer: files};
                  document.querySelector('#drop').dispatchEvent(new DragEvent('drop', drop));
                })()""".formatted(Arrays.toString(png)));
        browser.until("document.querySelectorAll('.photo:not(.making) .sizes a').length === 3");
    }

    @Test
    void aPhotoIsShownLarge() throws Exception {
        upload("b.jpg", 1500, 1000);
        browser.click(".photo .view");
        browser.until("document.querySelector('#viewer[open] img').naturalWidth === 1280");
        browser.click("#viewer button");
        browser.until("!document.querySelector('#viewer').open");
    }

    @Test
    void aPhotoIsDeleted() throws Exception {
        upload("c.jpg", 300, 200);
        browser.click(".photo .delete");
        browser.until("document.querySelectorAll('.photo').length === 0");
        assertThat(browser.evaluate("document.querySelector('#none').hidden")).isEqualTo("false");
    }

    @Test
    void aFileThatIsNoPictureIsNotEvenSent() throws Exception {
        browser.choose("#file", Files.writeString(temp.resolve("notes.txt"), "hello"));
        browser.until("document.querySelector('#uploads .failed .state')?.textContent === 'only JPEG and PNG'");
    }

    @Test
    void aCorruptPictureIsRefusedWithTheReason() throws Exception {
        byte[] whole = Files.readAllBytes(drawn("whole.jpg", 300, 200));
        Path half = Files.write(temp.resolve("half.jpg"), Arrays.copyOf(whole, whole.length / 2));
        browser.choose("#file", half);
        browser.until("document.querySelector('#uploads .failed .state')?.textContent === 'the picture is incomplete'");
        browser.until("document.querySelectorAll('.photo').length === 0");
    }

    @Test
    void aRunningJobIsShownCountedAndKilled() throws Exception {
        browser.evaluate("document.querySelector('#n').value = 50");
        browser.click("#fib button");
        browser.until("document.querySelector('#workers .on b')?.textContent === 'fib'");
        browser.click("[data-category=fib] button");
        browser.until("document.querySelector('[data-category=fib] button').textContent === 'Kill 1?'");
        assertThat(browser.evaluate("document.querySelectorAll('#workers .on').length")).isEqualTo("1");
        browser.click("[data-category=fib] button");
        browser.until("document.querySelector('[data-category=fib] .told')?.textContent === '1 killed'");
        browser.until("document.querySelector('#fibs .failed')?.textContent === 'the job was killed by an operator'");
        browser.until("document.querySelectorAll('#workers .on').length === 0");
    }

    @Test
    void nothingToKillIsSaid() throws Exception {
        browser.click("[data-category=thumbnail] button");
        browser.until("document.querySelector('[data-category=thumbnail] .told')?.textContent === 'none is running'");
    }

    @Test
    void fibIsComputed() throws Exception {
        browser.evaluate("document.querySelector('#n').value = 20");
        browser.click("#fib button");
        browser.until("document.querySelector('#fibs li')?.textContent.startsWith('fib(20) = 6,765')");
    }
}
