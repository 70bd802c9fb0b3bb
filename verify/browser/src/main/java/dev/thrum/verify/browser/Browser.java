package dev.thrum.verify.browser;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.URLDecoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// A headless Chromium with one page.
///
/// **Threads.** One thread; everything blocks until the browser has done it, for a minute at most.
/// **Failure.** An [IOException] if the browser does not do it, or a script throws.
public final class Browser implements AutoCloseable {
    private static final String PROGRAM = "/usr/bin/chromium";
    private static final List<String> FLAGS = List.of(
            "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-dev-shm-usage", "--no-first-run",
            "--disable-background-networking", "--disable-component-update", "--disable-sync", "--mute-audio",
            "--window-size=1280,1000", "--remote-debugging-port=0");
    private static final Pattern LISTENING = Pattern.compile("DevTools listening on ws://([^/]+)/.*");
    private static final Pattern PAGE = Pattern.compile("\"webSocketDebuggerUrl\": *\"(ws://[^\"]+/page/[^\"]+)\"");

    private final Process process;
    private final DevTools tools;

    private Browser(Process process, DevTools tools) {
        this.process = process;
        this.tools = tools;
    }

    /// {@return a browser that shows an empty page}
    /// @param profile an empty directory for it
    /// @throws IOException if there is no Chromium, or it does not start
    /// @throws InterruptedException if interrupted while it starts
    public static Browser start(Path profile) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(PROGRAM, "--user-data-dir=" + profile));
        command.addAll(FLAGS);
        command.add("about:blank");
        Process process = new ProcessBuilder(command).start();
        try {
            HttpClient client = HttpClient.newHttpClient();
            Browser browser = new Browser(process, new DevTools(client, page(client, address(process))));
            browser.tools.call("Runtime.enable", "{}");
            browser.tools.call("Log.enable", "{}");
            return browser;
        } catch (Throwable problem) {
            process.destroyForcibly();
            throw problem;
        }
    }

    /// {@return host and port of its DevTools} What else it says is read and forgotten, so that it never waits for us.
    private static String address(Process process) throws IOException {
        BufferedReader reader = process.errorReader(UTF_8);
        String line = reader.readLine();
        while (line != null) {
            Matcher matcher = LISTENING.matcher(line);
            if (matcher.matches()) {
                Thread.ofVirtual().start(() -> reader.lines().forEach(_ -> {}));
                return matcher.group(1);
            }
            line = reader.readLine();
        }
        throw new IOException("Chromium ended before it listened");
    }

    private static URI page(HttpClient client, String address) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://" + address + "/json/list")).build();
        String pages = client.send(request, BodyHandlers.ofString()).body();
        Matcher matcher = PAGE.matcher(pages);
        if (!matcher.find()) {
            throw new IOException("Chromium shows no page: " + pages);
        }
        return URI.create(matcher.group(1));
    }

    /// Shows a page, and waits until it is loaded.
    /// @param uri of the page
    /// @throws IOException if the browser fails
    /// @throws InterruptedException if interrupted
    public void open(URI uri) throws IOException, InterruptedException {
        tools.call("Page.navigate", "{\"url\":" + quote(uri.toString()) + "}");
        until("location.href === " + quote(uri.toString()) + " && document.readyState === 'complete'");
    }

    /// {@return the value of a script, or what its promise becomes, as text}
    /// @param expression JavaScript
    /// @throws IOException if it throws, or the browser fails
    /// @throws InterruptedException if interrupted
    public String evaluate(String expression) throws IOException, InterruptedException {
        String script = "(async () => encodeURIComponent(String(await (" + expression + "))))()";
        String result = run(script, "true");
        return URLDecoder.decode(find("\"value\":\"([^\"]*)\"", result), UTF_8);
    }

    /// Waits until a condition holds.
    /// @param condition JavaScript
    /// @throws IOException if it does not hold within a minute, or the browser fails
    /// @throws InterruptedException if interrupted
    public void until(String condition) throws IOException, InterruptedException {
        evaluate("""
                new Promise((done, fail) => {
                  const end = Date.now() + 60000;
                  const look = () => {
                    if (%s) done();
                    else if (Date.now() > end) fail(new Error('it never came to this: ' + %s));
                    else setTimeout(look, 20);
                  };
                  look();
                })""".formatted(condition, quote(condition)));
    }

    /// Clicks on an element.
    /// @param selector in CSS
    /// @throws IOException if there is no such element, or the browser fails
    /// @throws InterruptedException if interrupted
    public void click(String selector) throws IOException, InterruptedException {
        evaluate("document.querySelector(" + quote(selector) + ").click()");
    }

    /// Chooses files in a file input, as a user does in its dialog.
    /// @param selector in CSS
    /// @param files what to choose
    /// @throws IOException if there is no such element, or the browser fails
    /// @throws InterruptedException if interrupted
    public void choose(String selector, Path... files) throws IOException, InterruptedException {
        String object = find("\"objectId\":\"([^\"]+)\"", run("document.querySelector(" + quote(selector) + ")", "false"));
        String names = Arrays.stream(files)
                .map(file -> quote(file.toAbsolutePath().toString()))
                .collect(Collectors.joining(",", "[", "]"));
        tools.call("DOM.setFileInputFiles", "{\"files\":" + names + ",\"objectId\":\"" + object + "\"}");
    }

    /// Takes a picture of the window.
    /// @param png the file to write
    /// @throws IOException if the browser fails, or the file cannot be written
    /// @throws InterruptedException if interrupted
    public void screenshot(Path png) throws IOException, InterruptedException {
        String data = find("\"data\":\"([^\"]+)\"", tools.call("Page.captureScreenshot", "{\"format\":\"png\"}"));
        Files.write(png, Base64.getDecoder().decode(data));
    }

    /// {@return what went wrong in the page's scripts, and what its security policy forbade; best nothing}
    public List<String> problems() {
        List<String> problems = new ArrayList<>(tools.events("\"Runtime.exceptionThrown\""));
        problems.addAll(tools.events("\"source\":\"security\""));
        return problems;
    }

    private String run(String script, String byValue) throws IOException, InterruptedException {
        String result = tools.call("Runtime.evaluate", """
                {"expression":%s,"awaitPromise":true,"returnByValue":%s}""".formatted(quote(script), byValue));
        if (result.contains("\"exceptionDetails\"")) {
            throw new IOException(result);
        }
        return result;
    }

    private static String find(String pattern, String text) throws IOException {
        Matcher matcher = Pattern.compile(pattern).matcher(text);
        if (!matcher.find()) {
            throw new IOException("expected " + pattern + " in " + text);
        }
        return matcher.group(1);
    }

    /// {@return `text` as a JSON string, which is a JavaScript string too}
    static String quote(String text) {
        String escaped = text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
        return '"' + escaped + '"';
    }

    /// Ends the browser.
    @Override
    public void close() {
        tools.close();
        end(process);
    }

    /// Ends a process, the hard way if it is not gone in time.
    static void end(Process process) {
        process.destroy();
        if (process.onExit().completeOnTimeout(process, 20, SECONDS).join().isAlive()) {
            process.destroyForcibly().onExit().join();
        }
    }
}
