package dev.thrum.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thrum.promise.Promise;
import dev.thrum.promise.Resolver;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ResponseTest {
    private static final String DATE = "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n";

    private static String answer(Consumer<Response> service) {
        return answer(Wire.get("/"), service);
    }

    private static String answer(String request, Consumer<Response> service) {
        try (var wire = new Wire(exchange -> service.accept(exchange.response()))) {
            wire.send(request);
            assertThat(wire.reported).isEmpty();
            return wire.received();
        }
    }

    private static String head(String path) {
        return "HEAD " + path + " HTTP/1.1\r\n" + Wire.HOST + "\r\n";
    }

    @Nested
    class Whole {
        @Test
        void textIsUtf8() {
            assertThat(answer(response -> response.send("\u00e9"))).contains("Content-Length: 2\r\n").endsWith("\u00c3\u00a9");
        }

        @Test
        void bytesAreSentAsTheyAre() {
            assertThat(answer(response -> response.send(new byte[] {1, 2, 3})))
                    .contains("Content-Type: application/octet-stream\r\nContent-Length: 3\r\n")
                    .endsWith("\r\n\r\n\u0001\u0002\u0003");
        }

        @Test
        void aBufferIsSentFromItsPosition() {
            ByteBuffer buffer = ByteBuffer.wrap("xhello".getBytes(UTF_8)).position(1);
            assertThat(answer(response -> response.send(buffer))).endsWith("\r\n\r\nhello");
        }

        @Test
        void headersComeInOrderAndReplaceTheDefaults() {
            assertThat(answer(response -> response.status(201)
                            .header("X-One", "1")
                            .header("content-type", "text/html")
                            .addHeader("Set-Cookie", "a=1")
                            .addHeader("Set-Cookie", "b=2")
                            .header("x-one", "2")
                            .send("x")))
                    .isEqualTo("HTTP/1.1 201 Created\r\n" + DATE
                            + "content-type: text/html\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\nx-one: 2\r\n"
                            + "Content-Length: 1\r\n\r\nx");
        }

        @Test
        void anUnusualStatusHasAnEmptyReason() {
            assertThat(answer(response -> response.status(299).send("x"))).startsWith("HTTP/1.1 299 \r\n");
        }

        @Test
        void aDateOfTheHandlersOwnStands() {
            assertThat(answer(response -> response.header("Date", "today").send("x")))
                    .contains("Date: today\r\n")
                    .doesNotContain("1994");
        }

        @Test
        void aLargeAnswerArrivesWhole() {
            String body = "0123456789".repeat(10_000);
            assertThat(answer(response -> response.send(body))).contains("Content-Length: 100000\r\n").endsWith(body);
        }

        @Test
        void manyHeadersArriveWhole() {
            String value = "v".repeat(500);
            assertThat(answer(response -> {
                        for (int i = 0; i < 100; i++) {
                            response.header("X-" + i, value);
                        }
                        response.send("end");
                    }))
                    .contains("X-99: " + value + "\r\n")
                    .endsWith("\r\n\r\nend");
        }

        @Test
        void noBodyAtAll() {
            assertThat(answer(response -> response.status(204).send()))
                    .isEqualTo("HTTP/1.1 204 No Content\r\n" + DATE + "\r\n");
            assertThat(answer(response -> response.send())).endsWith("Content-Length: 0\r\n\r\n");
        }

        @Test
        void notModifiedHasNoBodyAndMayTellALength() {
            assertThat(answer(response -> response.status(304).header("Content-Length", "77").send()))
                    .endsWith("Content-Length: 77\r\n\r\n");
            assertThat(answer(response -> response.status(304).send())).doesNotContain("Content-Length");
        }

        @Test
        void aBodyWhereThereIsNoneIsRefused() {
            assertThat(answer(response -> {
                        response.status(204);
                        assertThatThrownBy(() -> response.send("x"))
                                .isInstanceOf(IllegalStateException.class)
                                .hasMessage("an answer of status 204 has no body: 1 bytes");
                        response.status(200).send("ok");
                    }))
                    .endsWith("ok");
        }

        @Test
        void aPromisedBodyWhereThereIsNoneFails() {
            try (var wire = new Wire(exchange -> exchange.response().status(204).send(Promise.of("x")))) {
                assertThat(wire.send(Wire.get("/")).status()).isEqualTo(500);
                assertThat(wire.reported).singleElement().isInstanceOf(IllegalStateException.class);
            }
        }

        @Test
        void aWrongLengthFails() {
            try (var wire = new Wire(exchange -> exchange.response().header("Content-Length", "9").send("x"))) {
                assertThat(wire.send(Wire.get("/")).received()).startsWith("HTTP/1.1 500").doesNotContain(": 9\r\n");
                assertThat(wire.reported).singleElement().extracting(Throwable::getMessage)
                        .isEqualTo("Content-Length is 9, but the body has 1 bytes");
            }
        }

        @Test
        void theRightLengthIsSentOnce() {
            assertThat(answer(response -> response.header("Content-Length", "1").send("x")))
                    .containsOnlyOnce("Content-Length: 1\r\n");
        }

        @Test
        void headIsAnsweredWithoutTheBody() {
            assertThat(answer(head("/"), response -> response.send("hello")))
                    .contains("Content-Length: 5\r\n")
                    .endsWith("\r\n\r\n");
        }

        @Test
        void headMayTellALengthWithoutTheBody() {
            assertThat(answer(head("/"), response -> response.header("Content-Length", "12345").send()))
                    .contains("Content-Length: 12345\r\n");
        }

        @Test
        void aSecondAnswerIsRefused() {
            assertThat(answer(response -> {
                        response.send("first");
                        assertThat(response.isSent()).isTrue();
                        assertThatThrownBy(() -> response.send("second"))
                                .isInstanceOf(IllegalStateException.class)
                                .hasMessageStartingWith("the answer to GET / has been started or sent already (first at ")
                                .hasMessageContaining(ResponseTest.class.getName());
                        assertThatThrownBy(() -> response.status(404)).isInstanceOf(IllegalStateException.class);
                        assertThatThrownBy(() -> response.header("a", "b")).isInstanceOf(IllegalStateException.class);
                        assertThatThrownBy(response::start).isInstanceOf(IllegalStateException.class);
                    }))
                    .endsWith("first");
        }

        @Test
        void aPromiseIsSentWhenItIsThere() {
            Resolver<Object> later = Resolver.create();
            try (var wire = new Wire(exchange -> exchange.response().send(later.promise()))) {
                wire.send(Wire.get("/"));
                assertThat(wire.received()).isEmpty();
                wire.later(() -> later.resolve(42));
                assertThat(wire.received()).contains("text/plain").endsWith("42");
            }
        }

        @Test
        void aPromiseOfBytesIsSentAsBytes() {
            assertThat(answer(response -> response.send(Promise.of(new byte[] {65}))))
                    .contains("octet-stream")
                    .endsWith("A");
        }

        @Test
        void aRejectedPromiseIsAnsweredAsAFailure() {
            assertThat(answer(response -> response.send(Promise.failed(new HttpException(410, "it was here")))))
                    .startsWith("HTTP/1.1 410 Gone");
        }

        @Test
        void anotherThreadMayAnswer() throws InterruptedException {
            var sent = new CountDownLatch(1);
            try (var wire = new Wire(exchange -> Thread.ofPlatform().start(() -> {
                exchange.response().header("X-User", exchange.request().header("X-User").orElse("?"))
                        .send("from elsewhere");
                sent.countDown();
            }))) {
                wire.send("GET / HTTP/1.1\r\nHost: here\r\nX-User: ada\r\n\r\n");
                assertThat(sent.await(60, TimeUnit.SECONDS)).isTrue();
                wire.socket.pump();
                assertThat(wire.received()).contains("X-User: ada").endsWith("from elsewhere");
            }
        }
    }

    @Nested
    class Streamed {
        @Test
        void isChunked() {
            assertThat(answer(response -> {
                        BodyWriter writer = response.start();
                        writer.write("hello ");
                        writer.write("");
                        writer.write(ByteBuffer.wrap("world".getBytes(UTF_8)));
                        writer.finish();
                    }))
                    .isEqualTo("HTTP/1.1 200 OK\r\n" + DATE
                            + "Transfer-Encoding: chunked\r\n\r\n6\r\nhello \r\n5\r\nworld\r\n0\r\n\r\n");
        }

        @Test
        void hasNoChunksWithALength() {
            assertThat(answer(response -> {
                        BodyWriter writer = response.header("Content-Length", "5").start();
                        writer.write("hello");
                        writer.finish();
                    }))
                    .endsWith("Content-Length: 5\r\n\r\nhello");
        }

        @Test
        void endsWithTheConnectionForHttp10() {
            try (var wire = new Wire(exchange -> {
                BodyWriter writer = exchange.response().start();
                writer.write("hello");
                writer.finish();
            })) {
                wire.send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
                assertThat(wire.received()).contains("Connection: close\r\n").endsWith("\r\n\r\nhello");
                assertThat(wire.socket.isOpen()).isFalse();
            }
        }

        @Test
        void isEmptyForHead() {
            assertThat(answer(head("/"), response -> {
                        BodyWriter writer = response.start();
                        writer.write("hello");
                        writer.finish();
                    }))
                    .isEqualTo("HTTP/1.1 200 OK\r\n" + DATE + "\r\n");
        }

        @Test
        void mustNotBecomeLongerThanItsLength() {
            assertThat(answer(response -> {
                        BodyWriter writer = response.header("Content-Length", "3").start();
                        assertThatThrownBy(() -> writer.write("hello"))
                                .isInstanceOf(IllegalStateException.class)
                                .hasMessage("the answer is longer than its Content-Length of 3 bytes: 5");
                        writer.write("abc");
                        writer.finish();
                    }))
                    .endsWith("\r\n\r\nabc");
        }

        @Test
        void thatIsTooShortAbortsTheConnection() {
            try (var wire = new Wire(exchange -> {
                BodyWriter writer = exchange.response().header("Content-Length", "3").start();
                assertThatThrownBy(writer::finish).isInstanceOf(IllegalStateException.class);
            })) {
                wire.send(Wire.get("/"));
                assertThat(wire.socket.isAborted()).isTrue();
                assertThat(wire.reported).hasSize(1);
            }
        }

        @Test
        void isOverWhenItIsFinished() {
            answer(response -> {
                BodyWriter writer = response.start();
                writer.finish();
                assertThatThrownBy(writer::finish).isInstanceOf(IllegalStateException.class);
                assertThatThrownBy(() -> writer.write("x")).isInstanceOf(IllegalStateException.class);
            });
        }

        @Test
        void waitsForASlowClient() {
            List<String> went = new ArrayList<>();
            try (var wire = new Wire(exchange -> {
                BodyWriter writer = exchange.response().start();
                writer.write(ByteBuffer.allocate(100_000)).tap(next -> went.add("on"));
            })) {
                wire.socket.readSlowly();
                wire.send(Wire.get("/"));
                assertThat(went).isEmpty();
                wire.socket.readAll();
                assertThat(went).containsExactly("on");
            }
        }

        @Test
        void rejectsWritesWhenTheClientGoesAway() {
            List<Throwable> problems = new ArrayList<>();
            List<BodyWriter> writers = new ArrayList<>();
            try (var wire = new Wire(exchange -> {
                writers.add(exchange.response().start());
                writers.get(0).write(ByteBuffer.allocate(100_000)).recover(IOException.class, problem -> {
                    problems.add(problem);
                    return writers.get(0);
                });
            })) {
                wire.socket.readSlowly();
                wire.send(Wire.get("/"));
                wire.socket.reset();
                assertThat(problems).hasSize(1);
                wire.later(() -> assertThat(writers.get(0).write("x").state()).isInstanceOf(Promise.Rejected.class));
            }
        }

        @Test
        void mayComeFromAnotherThread() throws InterruptedException {
            var done = new CountDownLatch(1);
            try (var wire = new Wire(exchange -> Thread.ofPlatform().start(() -> {
                BodyWriter writer = exchange.response().start();
                writer.write("a");
                writer.write("b");
                writer.finish();
                done.countDown();
            }))) {
                wire.send(Wire.get("/"));
                assertThat(done.await(60, TimeUnit.SECONDS)).isTrue();
                wire.socket.pump();
                assertThat(wire.received()).endsWith("1\r\na\r\n1\r\nb\r\n0\r\n\r\n");
            }
        }
    }

    @Nested
    class Refused {
        @ParameterizedTest
        @ValueSource(strings = {"", "-1", "+1", "1a", "1, 1", "1234567890123456789"})
        void aLengthIsANumber(String length) {
            answer(response -> {
                assertThatThrownBy(() -> response.header("content-length", length))
                        .isInstanceOf(IllegalArgumentException.class);
                response.send("x");
            });
        }

        @ParameterizedTest
        @ValueSource(ints = {200, 300, 304, 305, 400})
        void aRedirectionHasAStatusOfItsKind(int status) {
            answer(response -> {
                assertThatThrownBy(() -> response.redirect(status, "/"))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageEndingWith(": " + status);
                response.send("x");
            });
        }

        @ParameterizedTest
        @ValueSource(ints = {0, 100, 199, 600, -1})
        void aStatusIsFinal(int status) {
            answer(response -> {
                assertThatThrownBy(() -> response.status(status))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessage("status must be 200..599: " + status);
                response.send("x");
            });
        }
    }
}
