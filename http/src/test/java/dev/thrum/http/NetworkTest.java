package dev.thrum.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.loop.EventLoop;
import dev.thrum.net.ListenConfig;
import dev.thrum.net.TcpServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The same over real sockets, with clients of others.
class NetworkTest {
    private static final int LARGE = 5_000_000;
    private final CountDownLatch cancelled = new CountDownLatch(1);
    private EventLoop loop;

    @TempDir
    private Path folder;

    private Path file;
    private int port;

    @BeforeEach
    void listen() {
        loop = EventLoop.start("network-test");
        var address = new CompletableFuture<InetSocketAddress>();
        loop.execute(() -> {
            Http1 http = Http1.on(loop, Limits.standard().withBody(LARGE), Timeouts.standard(), this::serve);
            var any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
            address.complete((InetSocketAddress)
                    TcpServer.listen(loop, any, ListenConfig.DEFAULT, http::serve).address());
        });
        port = address.join().getPort();
    }

    @AfterEach
    void exit() throws InterruptedException {
        loop.exit();
        assertThat(loop.awaitEnd(Duration.ofSeconds(60))).isTrue();
    }

    private void serve(Exchange exchange) {
        Request request = exchange.request();
        Response response = exchange.response();
        switch (request.path()) {
            case "/echo" -> response.send(request.bytes());
            case "/count" -> response.send(request.stream(BodySink.of(bytes -> {})));
            case "/large" -> response.send(new byte[LARGE]);
            case "/file" -> response.send(open(), 0, LARGE);
            case "/filtered" -> response.filter((bytes, last) -> bytes).send(open(), 0, LARGE);
            case "/stream" -> pump(response.start(), 500);
            case "/never" -> exchange.scope().onCancel(why -> cancelled.countDown());
            case "/slowly" -> loop.after(Duration.ofMillis(200), () -> response.send(token(request)));
            case "/later" -> loop.after(Duration.ofMillis(1), () -> response.send(token(request)));
            default -> response.send(token(request));
        }
    }

    private FileChannel open() {
        try {
            return FileChannel.open(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String token(Request request) {
        return request.query().orElse("") + " " + request.header("X-Token").orElse("");
    }

    private static void pump(BodyWriter writer, int left) {
        if (left == 0) {
            writer.finish();
        } else {
            writer.write(ByteBuffer.allocate(10_000)).tap(next -> pump(next, left - 1));
        }
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + port + path);
    }

    private Socket connect() throws IOException {
        var socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(60_000);
        return socket;
    }

    private String talk(String request) throws IOException {
        try (Socket socket = connect()) {
            socket.getOutputStream().write(request.getBytes(ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
        }
    }

    @Test
    void aRawClientIsAnsweredInOrder() throws IOException {
        String last = "GET /?3 HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n";
        String received = talk(Wire.get("/later?1") + Wire.get("/?2") + last);
        assertThat(received.replaceAll("(?s)HTTP/1.1 200.*?\r\n\r\n", "")).isEqualTo("1 2 3 ");
    }

    @Test
    void theClientSeesTheErrorThatEndsItsConnection() throws IOException {
        String large = "x".repeat(200_000);
        String received = talk("POST / HTTP/1.1\r\nHost: here\r\nContent-Length: 9000000000\r\n\r\n" + large);
        assertThat(received).startsWith("HTTP/1.1 200 OK").contains("Connection: close");
        assertThat(talk("BROKEN\r\n\r\n" + large)).startsWith("HTTP/1.1 400");
    }

    @Test
    void theClientOfTheJdkUploadsAndDownloads() throws Exception {
        try (var client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            byte[] body = new byte[1_000_000];
            new SplittableRandom(7).nextBytes(body);
            var echo = HttpRequest.newBuilder(uri("/echo"))
                    .expectContinue(true)
                    .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                    .build();
            assertThat(client.send(echo, HttpResponse.BodyHandlers.ofByteArray()).body()).isEqualTo(body);
            var chunks = HttpRequest.newBuilder(uri("/count"))
                    .POST(HttpRequest.BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body)))
                    .build();
            assertThat(client.send(chunks, HttpResponse.BodyHandlers.ofString()).body()).isEqualTo("1000000");
            var stream = HttpRequest.newBuilder(uri("/stream")).build();
            assertThat(client.send(stream, HttpResponse.BodyHandlers.ofByteArray()).body()).hasSize(5_000_000);
        }
    }

    @Test
    @Tag("H-27")
    void aFileArrivesWholeWithAndWithoutAFilter() throws Exception {
        byte[] content = new byte[LARGE];
        new Random(1).nextBytes(content);
        file = Files.write(folder.resolve("file"), content);
        try (HttpClient client = HttpClient.newHttpClient()) {
            for (String path : List.of("/file", "/filtered", "/file")) {
                var answer = client.send(
                        HttpRequest.newBuilder(uri(path)).build(), HttpResponse.BodyHandlers.ofByteArray());
                assertThat(answer.body()).isEqualTo(content);
                assertThat(answer.headers().firstValue("Content-Length").isPresent()).isEqualTo(path.equals("/file"));
            }
        }
    }

    @Test
    void aLargeAnswerWaitsForASlowClient() throws IOException {
        try (Socket socket = connect()) {
            socket.getOutputStream().write(Wire.get("/large").getBytes(ISO_8859_1));
            assertThat(talk("GET /?a HTTP/1.0\r\n\r\n")).endsWith("a ");
            InputStream in = socket.getInputStream();
            assertThat(in.readNBytes(LARGE)).hasSize(LARGE);
        }
    }

    @Test
    @Tag("H-53")
    void aClientThatHasEndedItsHalfGetsAllItsAnswers() throws IOException {
        try (Socket socket = connect()) {
            String requests = Wire.get("/later?a") + Wire.get("/stream") + Wire.get("/later?b") + Wire.get("/slowly?c");
            socket.getOutputStream().write(requests.getBytes(ISO_8859_1));
            socket.shutdownOutput();
            String received = new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
            assertThat(received).contains("\r\na HTTP/1.1 200", "\r\nb HTTP/1.1 ").endsWith("\r\nc ");
        }
    }

    @Test
    void aClientThatGoesAwayCancelsItsRequest() throws Exception {
        try (Socket socket = connect()) {
            socket.getOutputStream().write(Wire.get("/never").getBytes(ISO_8859_1));
        }
        assertThat(cancelled.await(60, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    @Tag("S7")
    void noAnswerGoesToAnotherRequest() throws Exception {
        List<Thread> clients = new ArrayList<>();
        List<Throwable> problems = Collections.synchronizedList(new ArrayList<>());
        for (int i = 0; i < 8; i++) {
            int seed = i;
            clients.add(Thread.ofVirtual().start(() -> {
                try {
                    manyTokens(seed);
                } catch (Throwable problem) {
                    problems.add(problem);
                }
            }));
        }
        for (Thread client : clients) {
            assertThat(client.join(Duration.ofSeconds(60))).isTrue();
        }
        assertThat(problems).isEmpty();
    }

    private void manyTokens(int seed) throws IOException {
        var random = new SplittableRandom(seed);
        for (int connection = 0; connection < 20; connection++) {
            try (Socket socket = connect()) {
                int requests = 1 + random.nextInt(12);
                var expected = new StringBuilder();
                for (int i = 0; i < requests; i++) {
                    String token = seed + "-" + connection + "-" + i;
                    boolean last = i == requests - 1;
                    String request = "GET " + (random.nextInt(3) == 0 ? "/later" : "/") + "?" + token
                            + " HTTP/1.1\r\nHost: here\r\nX-Token: " + token + "\r\n"
                            + (last ? "Connection: close\r\n" : "") + "\r\n";
                    socket.getOutputStream().write(request.getBytes(ISO_8859_1));
                    expected.append(token).append(' ').append(token);
                }
                if (random.nextInt(4) == 0) {
                    continue; // goes away
                }
                String received = new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
                assertThat(received.replaceAll("(?s)HTTP/1.1 200.*?\r\n\r\n", "")).isEqualTo(expected.toString());
            }
        }
    }
}
