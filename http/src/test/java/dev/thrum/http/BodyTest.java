package dev.thrum.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thrum.promise.Promise;
import dev.thrum.promise.Resolver;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class BodyTest {
    private static final String CHUNKED = "POST / HTTP/1.1\r\nHost: here\r\nTransfer-Encoding: chunked\r\n\r\n";
    private final List<Exchange> waiting = new ArrayList<>();

    private static String text(ByteBuffer bytes) {
        return ISO_8859_1.decode(bytes).toString();
    }

    private static String announce(int length, String more) {
        return "POST / HTTP/1.1\r\nHost: here\r\nContent-Length: " + length + "\r\n" + more + "\r\n";
    }

    @Nested
    class Held {
        @Test
        void aBodyOfTheLimitIsAccepted() {
            try (var wire = new Wire(Limits.standard().withBody(5), Timeouts.standard(), Wire::echo)) {
                assertThat(wire.send(Wire.post("12345")).status()).isEqualTo(200);
            }
        }

        @Test
        void aLongerOneIsRefusedBeforeItArrives() {
            try (var wire = new Wire(Limits.standard().withBody(5), Timeouts.standard(), Wire::echo)) {
                wire.send(announce(6, ""));
                assertThat(wire.status()).isEqualTo(413);
                assertThat(wire.body()).contains("limit body");
            }
        }

        @Test
        void aShortRefusedBodyIsReadSoThatTheNextRequestFollows() {
            try (var wire = new Wire(Limits.standard().withBody(5), Timeouts.standard(), Wire::echo)) {
                wire.send(Wire.post("123456") + Wire.get("/next"));
                assertThat(wire.received()).contains("413 ").contains("GET /next");
            }
        }

        @Test
        void aLongRefusedBodyEndsTheConnection() {
            try (var wire = new Wire(Wire::echo)) {
                wire.send(announce(3_000_000, "") + Wire.get("/not-a-request"));
                assertThat(wire.status()).isEqualTo(413);
                assertThat(wire.received()).contains("Connection: close").doesNotContain("not-a-request");
                assertThat(wire.socket.isOutputEnded()).isTrue();
            }
        }

        @Test
        void chunksBeyondTheLimitAreRefused() {
            try (var wire = new Wire(Limits.standard().withBody(5), Timeouts.standard(), Wire::echo)) {
                wire.send(CHUNKED + "3\r\nabc\r\n3\r\ndef\r\n0\r\n\r\n" + Wire.get("/next"));
                assertThat(wire.received()).contains("413 ").contains("GET /next");
            }
        }

        @Test
        void textIsReadByItsCharset() {
            try (var wire = new Wire(exchange -> exchange.response().send(exchange.request().text()))) {
                wire.send(announce(1, "Content-Type: text/plain; charset=ISO-8859-1\r\n") + "\u00e9");
                assertThat(wire.body()).isEqualTo("\u00c3\u00a9");
            }
        }

        @Test
        void textThatIsNotWellFormedIsRefused() {
            try (var wire = new Wire(exchange -> exchange.response().send(exchange.request().text()))) {
                assertThat(wire.send(Wire.post("\u00ff")).status()).isEqualTo(400);
            }
        }

        @Test
        void anUnknownCharsetIsRefused() {
            try (var wire = new Wire(exchange -> exchange.response().send(exchange.request().text()))) {
                wire.send(announce(1, "Content-Type: text/plain; charset=klingon\r\n") + "a");
                assertThat(wire.status()).isEqualTo(415);
            }
        }

        @Test
        void aRequestWithoutABodyHasAnEmptyOne() {
            try (var wire = new Wire(
                    exchange -> exchange.response().send(exchange.request().bytes().map(bytes -> bytes.length)))) {
                assertThat(wire.send(Wire.get("/")).body()).isEqualTo("0");
            }
        }

        @Test
        void aBodyIsReadOnce() {
            try (var wire = new Wire(exchange -> {
                var unused = exchange.request().bytes();
                assertThatThrownBy(() -> exchange.request().bytes()).isInstanceOf(IllegalStateException.class);
                exchange.response().send("checked");
            })) {
                assertThat(wire.send(Wire.post("a")).body()).isEqualTo("checked");
            }
        }

        @Test
        void aClientThatLeavesInTheMiddleRejectsIt() {
            List<Throwable> problems = new ArrayList<>();
            try (var wire = new Wire(exchange -> exchange.request().bytes().recover(Throwable.class, problem -> {
                problems.add(problem);
                return new byte[0];
            }))) {
                wire.send(announce(5, "") + "abc");
                wire.socket.endInput();
                assertThat(problems).singleElement().isInstanceOf(IOException.class);
                assertThat(wire.socket.isOpen()).isFalse();
            }
        }

        @Test
        void aClientThatLeavesInTheMiddleIsNoErrorToReport() {
            try (var wire = Wire.echo()) {
                wire.send(announce(5, "") + "abc");
                wire.socket.endInput();
                assertThat(wire.reported).isEmpty();
                assertThat(wire.received()).isEmpty();
            }
        }
    }

    @Nested
    class Streamed {
        private final List<String> pieces = new ArrayList<>();

        @Test
        void piecesComeAsTheyArrive() {
            try (var wire = new Wire(exchange -> exchange.response()
                    .send(exchange.request().stream(BodySink.of(bytes -> pieces.add(text(bytes))))))) {
                wire.send(CHUNKED + "3\r\nab").send("c\r\n2\r\nde\r\n").send("0\r\n\r\n");
                assertThat(pieces).containsExactly("ab", "c", "de");
                assertThat(wire.body()).isEqualTo("5");
            }
        }

        @Test
        void aBusySinkPausesTheConnection() {
            List<Resolver<Boolean>> busy = new ArrayList<>();
            try (var wire = new Wire(exchange -> exchange.response().send(exchange.request().stream(bytes -> {
                pieces.add(text(bytes));
                busy.add(Resolver.create());
                return busy.getLast().promise();
            })))) {
                wire.send(announce(4, "") + "ab");
                wire.send("cd" + Wire.get("/next"));
                assertThat(pieces).containsExactly("ab");
                assertThat(wire.socket.isPaused()).isTrue();
                wire.later(() -> busy.get(0).resolve(true));
                assertThat(pieces).containsExactly("ab", "cd");
                assertThat(wire.received()).isEmpty();
                wire.later(() -> busy.get(1).resolve(true));
                assertThat(wire.received()).contains("\r\n\r\n4HTTP/1.1 200");
            }
        }

        @Test
        void aFailingSinkRejectsAndTheRestIsDropped() {
            try (var wire = new Wire(exchange -> exchange.response().send(exchange.request().stream(bytes -> {
                throw new HttpException(422, "not like this");
            })))) {
                wire.send(announce(4, "") + "ab").send("cd" + Wire.get("/without-a-body"));
                assertThat(wire.received()).contains("HTTP/1.1 422 ").endsWith("0");
            }
        }

        @Test
        void aRejectedPieceRejects() {
            try (var wire = new Wire(exchange -> exchange.response()
                    .send(exchange.request().stream(bytes -> Promise.failed(new HttpException(409, "full")))))) {
                assertThat(wire.send(Wire.post("abc")).status()).isEqualTo(409);
            }
        }

        @Test
        void theUploadHasItsOwnLimit() {
            var limits = Limits.standard().withBody(2).withUpload(3);
            try (var wire = new Wire(limits, Timeouts.standard(), exchange -> exchange.response()
                    .send(exchange.request().stream(BodySink.of(bytes -> {}))))) {
                wire.send(Wire.post("abc"));
                assertThat(wire.body()).isEqualTo("3");
                wire.connect();
                wire.send(Wire.post("abcd"));
                assertThat(wire.body()).contains("limit upload");
            }
        }

        @Test
        void theBodyMayGoOnAfterTheAnswer() {
            try (var wire = new Wire(exchange -> {
                exchange.request().stream(BodySink.of(bytes -> pieces.add(text(bytes))));
                exchange.response().send("early");
            })) {
                wire.send(announce(4, "") + "ab").send("cd" + Wire.post("ef"));
                assertThat(pieces).containsExactly("ab", "cd", "ef");
                assertThat(wire.received()).containsPattern("(?s)early.*early");
            }
        }
    }

    @Nested
    @Tag("S1")
    class Unread {
        @Test
        void aShortBodyThatNobodyReadIsDropped() {
            try (var wire = new Wire(exchange -> exchange.response().send(exchange.request().path()))) {
                wire.send(Wire.post(Wire.get("/smuggled")) + Wire.get("/next"));
                assertThat(wire.received()).contains("/next").doesNotContain("smuggled");
            }
        }

        @Test
        void chunksThatNobodyReadAreDropped() {
            try (var wire = new Wire(exchange -> exchange.response().send(exchange.request().path()))) {
                wire.send(CHUNKED + "3\r\nabc\r\n0\r\n\r\n" + Wire.get("/next"));
                assertThat(wire.received()).contains("/next");
            }
        }

        @Test
        void aLongBodyThatNobodyReadEndsTheConnection() {
            try (var wire = new Wire(exchange -> exchange.response().send("no, thank you"))) {
                wire.send(announce(1_000_000, "") + "abc");
                assertThat(wire.received()).contains("Connection: close");
                assertThat(wire.socket.isOutputEnded()).isTrue();
            }
        }

        @Test
        void endlessChunksThatNobodyReadEndTheConnection() {
            try (var wire = new Wire(exchange -> exchange.response().send("no, thank you"))) {
                wire.send(CHUNKED);
                String chunk = "4000\r\n" + "x".repeat(0x4000) + "\r\n";
                for (int i = 0; i < 20; i++) {
                    wire.send(chunk);
                }
                assertThat(wire.socket.isOutputEnded()).isTrue();
            }
        }

        @Test
        void nothingIsReadWhileNobodyAsks() {
            try (var wire = new Wire(waiting::add)) {
                wire.send(announce(5, "") + "abcde");
                assertThat(wire.socket.isPaused()).isTrue();
                wire.later(() -> waiting.get(0).response().send(waiting.get(0).request().bytes()));
                assertThat(wire.body()).isEqualTo("abcde");
            }
        }

        @Test
        void brokenChunksThatNobodyReadEndTheConnection() {
            try (var wire = new Wire(exchange -> exchange.response().send("fine"))) {
                wire.send(CHUNKED + "xyz\r\n" + Wire.get("/smuggled"));
                assertThat(wire.received()).contains("fine").doesNotContain("smuggled");
                assertThat(wire.received().split("HTTP/1.1 ")).hasSize(2);
                assertThat(wire.socket.isOutputEnded()).isTrue();
            }
        }
    }

    @Nested
    class Continue {
        private static final String EXPECT = "Expect: 100-Continue\r\n";

        @Test
        void isSentWhenTheBodyIsWanted() {
            try (var wire = new Wire(waiting::add)) {
                wire.send(announce(3, EXPECT));
                assertThat(wire.received()).isEmpty();
                wire.later(() -> waiting.get(0).response().send(waiting.get(0).request().bytes()));
                assertThat(wire.answer()).isEqualTo("HTTP/1.1 100 Continue\r\n\r\n");
                wire.send("abc");
                assertThat(wire.body()).isEqualTo("abc");
            }
        }

        @Test
        void isNotSentWithAnAnswerThatNeedsNoBodyAndTheConnectionEnds() {
            try (var wire = new Wire(exchange -> exchange.response().status(401).send("who?"))) {
                wire.send(announce(3, EXPECT));
                assertThat(wire.received()).doesNotContain("100 Continue").contains("Connection: close");
                wire.send("GET / HTTP/1.1\r\n\r\n");
                assertThat(wire.received().split("HTTP/1.1 ")).hasSize(2);
            }
        }

        @Test
        void isNotSentForABodyThatIsTooLong() {
            try (var wire = Wire.echo()) {
                wire.send(announce(3_000_000, EXPECT));
                assertThat(wire.received()).startsWith("HTTP/1.1 413").contains("Connection: close");
            }
        }

        @Test
        void isNotSentWhenTheBodyIsThereAlready() {
            try (var wire = Wire.echo()) {
                wire.send(announce(3, EXPECT) + "abc");
                assertThat(wire.received()).contains("200 OK");
            }
        }

        @Test
        void meansNothingToHttp10() {
            try (var wire = Wire.echo()) {
                wire.send("POST / HTTP/1.0\r\nContent-Length: 3\r\n" + EXPECT + "\r\nabc");
                assertThat(wire.status()).isEqualTo(200);
            }
        }
    }
}
