package dev.thrum.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thrum.net.Socket;
import dev.thrum.scope.Key;
import dev.thrum.scope.Scope;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/// How exchanges and connections begin, fail, run out of time and end.
class LifeTest {
    private final List<Exchange> waiting = new ArrayList<>();
    private final List<String> events = new ArrayList<>();

    private Wire wire() {
        return new Wire(waiting::add);
    }

    private static Duration seconds(long seconds) {
        return Duration.ofSeconds(seconds);
    }

    @Nested
    class Connections {
        @Test
        void areKeptByDefault() {
            try (var wire = Wire.echo()) {
                assertThat(wire.send(Wire.get("/")).received()).doesNotContain("Connection:");
                assertThat(wire.socket.isOpen()).isTrue();
            }
        }

        @Test
        void areClosedOnDemandInAnyCase() {
            try (var wire = Wire.echo()) {
                wire.send("GET / HTTP/1.1\r\nHost: here\r\nConnection: x , CLOSE\r\n\r\n");
                assertThat(wire.received()).contains("Connection: close\r\n");
                assertThat(wire.socket.isOpen()).isFalse();
            }
        }

        @Test
        void areClosedAfterHttp10() {
            try (var wire = Wire.echo()) {
                assertThat(wire.send("GET / HTTP/1.0\r\n\r\n").received()).contains("Connection: close\r\n");
                assertThat(wire.socket.isOpen()).isFalse();
            }
        }

        @Test
        void areKeptAfterHttp10OnDemand() {
            try (var wire = Wire.echo()) {
                wire.send("GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n");
                assertThat(wire.received()).contains("Connection: keep-alive\r\n");
                assertThat(wire.socket.isOpen()).isTrue();
            }
        }

        @Test
        void areClosedWhenTheHandlerSaysSo() {
            try (var wire = new Wire(exchange -> exchange.response().header("Connection", "close").send("bye"))) {
                assertThat(wire.send(Wire.get("/")).received()).containsOnlyOnce("Connection: close\r\n");
                assertThat(wire.socket.isOpen()).isFalse();
            }
        }

        @Test
        void areClosedAfterTheAnswerWhenTheHandlerComesLate() {
            try (var wire = wire()) {
                wire.send("GET / HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n");
                wire.later(() -> waiting.get(0).response().send("late"));
                assertThat(wire.received()).endsWith("late");
                assertThat(wire.socket.isOpen()).isFalse();
            }
        }

        @Test
        void endWithTheClient() {
            try (var wire = Wire.echo()) {
                wire.send(Wire.get("/"));
                wire.socket.endInput();
                assertThat(wire.socket.isOpen()).isFalse();
                assertThat(wire.http.connections()).isZero();
            }
        }

        @Test
        void endWithTheClientInTheMiddleOfAHead() {
            try (var wire = Wire.echo()) {
                wire.send("GET / HT");
                wire.socket.endInput();
                assertThat(wire.received()).isEmpty();
                assertThat(wire.socket.isOpen()).isFalse();
            }
        }

        @Test
        void lingerAfterAnErrorUntilTheClientCloses() {
            try (var wire = Wire.echo()) {
                wire.send("BROKEN\r\n\r\n");
                assertThat(wire.socket.isOutputEnded()).isTrue();
                assertThat(wire.socket.isOpen()).isTrue();
                wire.send("more").send("and more");
                wire.socket.endInput();
                assertThat(wire.socket.isOpen()).isFalse();
            }
        }

        @Test
        void lingerNotForEver() {
            try (var wire = Wire.echo()) {
                wire.send("BROKEN\r\n\r\n");
                wire.advance(seconds(5));
                assertThat(wire.socket.isOpen()).isFalse();
            }
        }

        @Test
        void areCountedAndTold() {
            Service service = new Service() {
                @Override
                public void serve(Exchange exchange) {}

                @Override
                public void refused(Socket socket, HttpException problem) {
                    events.add("refused " + problem.status());
                }

                @Override
                public void closed(Socket socket) {
                    events.add("closed");
                }
            };
            try (var wire = new Wire(service)) {
                assertThat(wire.http.connections()).isOne();
                wire.send("BROKEN\r\n\r\n");
                wire.socket.endInput();
                assertThat(events).containsExactly("refused 400", "closed");
                assertThat(wire.http.connections()).isZero();
            }
        }

        @Test
        void thatAreIdleEndWhenTheServerDrains() {
            try (var wire = Wire.echo()) {
                wire.send(Wire.get("/"));
                wire.later(() -> wire.http.drain(Duration.ZERO));
                assertThat(wire.socket.isOpen()).isFalse();
            }
        }

        @Test
        void thatWorkEndWithTheirAnswerWhenTheServerDrains() {
            try (var wire = wire()) {
                wire.send(Wire.get("/"));
                wire.later(() -> wire.http.drain(Duration.ZERO));
                assertThat(wire.socket.isOpen()).isTrue();
                wire.later(() -> waiting.get(0).response().send("last"));
                assertThat(wire.received()).contains("Connection: close\r\n").endsWith("last");
                assertThat(wire.socket.isOpen()).isFalse();
            }
        }
    }

    @Nested
    class Timing {
        @Test
        void aHeadHasToComeInTime() {
            try (var wire = Wire.echo()) {
                wire.send("GET / HTTP/1.1\r\n");
                wire.advance(seconds(9));
                assertThat(wire.received()).isEmpty();
                wire.advance(seconds(2));
                assertThat(wire.status()).isEqualTo(408);
            }
        }

        @Test
        void aHeadThatTricklesHasToComeInTimeToo() {
            try (var wire = Wire.echo()) {
                wire.send("GET / HTTP/1.1\r\n");
                for (int i = 0; i < 12; i++) {
                    wire.advance(seconds(1));
                    wire.send("X");
                }
                assertThat(wire.status()).isEqualTo(408);
            }
        }

        @Test
        void anIdleConnectionIsClosed() {
            try (var wire = Wire.echo()) {
                wire.send(Wire.get("/"));
                wire.answer();
                wire.advance(seconds(74));
                assertThat(wire.socket.isOpen()).isTrue();
                wire.advance(seconds(2));
                assertThat(wire.socket.isOpen()).isFalse();
                assertThat(wire.received()).isEmpty();
            }
        }

        @Test
        void aConnectionThatNeverSpeaksIsClosed() {
            try (var wire = Wire.echo()) {
                wire.advance(seconds(77));
                assertThat(wire.socket.isOpen()).isFalse();
            }
        }

        private Wire anyPace(Service service) {
            return new Wire(Limits.standard().withBodyRate(0), Timeouts.standard(), service);
        }

        @Test
        void aBodyHasToGoOn() {
            try (var wire = anyPace(Wire::echo)) {
                wire.send("POST / HTTP/1.1\r\nHost: here\r\nContent-Length: 9\r\n\r\nabc");
                wire.advance(seconds(29));
                wire.send("def");
                wire.advance(seconds(29));
                assertThat(wire.received()).isEmpty();
                wire.advance(seconds(2));
                assertThat(wire.status()).isEqualTo(408);
                assertThat(wire.received()).contains("Connection: close");
            }
        }

        @Test
        void aBodyThatTheServerDoesNotReadMayWait() {
            try (var wire = new Wire(
                    Limits.standard(), Timeouts.standard().withResponse(seconds(600)), waiting::add)) {
                wire.send("POST / HTTP/1.1\r\nHost: here\r\nContent-Length: 9\r\n\r\nabc");
                wire.advance(seconds(300));
                assertThat(wire.received()).isEmpty();
                assertThat(wire.socket.isOpen()).isTrue();
            }
        }

        @Test
        void anAnswerHasToStartInTime() {
            try (var wire = wire()) {
                wire.send(Wire.get("/"));
                wire.advance(seconds(61));
                assertThat(wire.status()).isEqualTo(500);
                assertThat(waiting.get(0).scope().reason()).get().isInstanceOf(TimeoutException.class);
                assertThat(wire.socket.isOpen()).isTrue();
            }
        }

        @Test
        void anAnswerThatHasStartedMayTakeItsTime() {
            try (var wire = wire()) {
                wire.send(Wire.get("/"));
                wire.later(() -> waiting.get(0).response().start().write("tick"));
                wire.advance(seconds(600));
                assertThat(wire.socket.isOpen()).isTrue();
                assertThat(waiting.get(0).isFinished()).isFalse();
            }
        }

        @Test
        void theTimeForTheAnswerBeginsWithTheEndOfTheBody() {
            try (var wire = anyPace(exchange -> exchange.request().bytes().tap(body -> waiting.add(exchange)))) {
                wire.send("POST / HTTP/1.1\r\nHost: here\r\nContent-Length: 90\r\n\r\n");
                for (int i = 0; i < 9; i++) {
                    wire.advance(seconds(20));
                    wire.send("0123456789");
                }
                wire.advance(seconds(50));
                assertThat(wire.received()).isEmpty();
                wire.advance(seconds(11));
                assertThat(wire.status()).isEqualTo(500);
            }
        }

        @Test
        void aClientThatDoesNotReadIsAborted() {
            try (var wire = new Wire(exchange -> exchange.response().send("x".repeat(100_000)))) {
                wire.socket.readSlowly();
                wire.send(Wire.get("/"));
                wire.advance(seconds(1));
                wire.advance(seconds(29));
                assertThat(wire.socket.isAborted()).isFalse();
                wire.advance(seconds(2));
                assertThat(wire.socket.isAborted()).isTrue();
            }
        }

        @Test
        void aClientThatTakesAsMuchAsComesIsNotAborted() {
            try (var wire = Wire.echo()) {
                wire.socket.readSlowly();
                wire.send(Wire.get("/"));
                int waiting = (int) wire.socket.pending();
                for (int second = 0; second < 60; second++) {
                    wire.advance(Duration.ofSeconds(1));
                    wire.socket.readSome(waiting);
                    wire.send(Wire.get("/"));
                    assertThat(wire.socket.pending()).isEqualTo(waiting);
                }
                assertThat(wire.socket.isOpen()).isTrue();
            }
        }

        @Test
        void nothingIsScheduledWithoutConnections() {
            try (var wire = Wire.echo()) {
                wire.socket.endInput();
                assertThat(wire.loop.pending()).isZero();
            }
        }
    }

    @Nested
    class Exchanges {
        private static final Key<String> USER = Key.of("user");

        @Test
        void runUnderTheirScope() {
            try (var wire = new Wire(exchange -> {
                assertThat(Scope.current()).isSameAs(exchange.scope());
                exchange.onAnswer(same -> assertThat(Scope.current()).isSameAs(exchange.scope()));
                exchange.onFinished(same -> events.add("finished " + (Scope.current() == exchange.scope())));
                exchange.response().send("x");
            })) {
                wire.send(Wire.get("/"));
                assertThat(wire.status()).isEqualTo(200);
                assertThat(events).containsExactly("finished true");
            }
        }

        @Test
        void areNamedInReports() {
            try (var wire = new Wire(exchange -> exchange.response()
                    .send(Scope.current().get(Scope.WORK).orElseThrow().get()))) {
                assertThat(wire.send(Wire.get("/a?b")).body()).isEqualTo("GET /a");
            }
        }

        @Test
        void areCancelledWhenTheClientGoesAway() {
            try (var wire = new Wire(exchange -> {
                exchange.scope().onCancel(why -> events.add("cancelled"));
                exchange.onFinished(same -> events.add("finished " + exchange.isAborted()));
            })) {
                wire.send(Wire.get("/"));
                wire.socket.reset();
                assertThat(events).containsExactly("cancelled", "finished true");
            }
        }

        @Test
        void areNotCancelledByTheirAnswer() {
            try (var wire = new Wire(exchange -> {
                exchange.scope().onCancel(why -> events.add("cancelled"));
                exchange.response().send("x");
            })) {
                wire.send(Wire.get("/"));
                wire.socket.endInput();
                assertThat(events).isEmpty();
            }
        }

        @Test
        void letHeadersBeSetUntilTheLastMoment() {
            try (var wire = new Wire(exchange -> {
                exchange.onAnswer(same -> same.response().header("X-Last", "1"));
                exchange.response().send("x");
            })) {
                assertThat(wire.send(Wire.get("/")).received()).contains("X-Last: 1\r\n");
            }
        }

        @Test
        void tellTheLengthOfTheBodyAtTheLastMoment() {
            List<OptionalLong> lengths = new ArrayList<>();
            try (var wire = new Wire(exchange -> {
                Response response = exchange.response();
                exchange.onAnswer(same -> lengths.add(same.response().length()));
                lengths.add(response.length());
                switch (exchange.request().path()) {
                    case "/text" -> response.send("12345");
                    case "/nothing" -> response.status(204).send();
                    case "/announced" -> response.header("Content-Length", "3").start().write("123");
                    default -> response.start().finish();
                }
            })) {
                for (String path : List.of("/text", "/nothing", "/announced", "/stream")) {
                    wire.send(Wire.get(path));
                }
            }
            OptionalLong unknown = OptionalLong.empty();
            assertThat(lengths)
                    .containsExactly(
                            unknown, OptionalLong.of(5), unknown, OptionalLong.of(0), unknown, OptionalLong.of(3), unknown, unknown);
        }

        @Test
        void failWhenTheLastMomentFails() {
            try (var wire = new Wire(exchange -> {
                exchange.onAnswer(same -> {
                    throw new IllegalStateException("secret");
                });
                exchange.response().send("x");
            })) {
                assertThat(wire.send(Wire.get("/")).status()).isEqualTo(500);
                assertThat(wire.received()).doesNotContain("secret");
                assertThat(wire.reported).hasSize(1);
            }
        }

        @Test
        void failWithoutTellingTheInside() {
            try (var wire = new Wire(exchange -> {
                exchange.response().header("Set-Cookie", "secret");
                throw new IllegalStateException("secret");
            })) {
                assertThat(wire.send(Wire.get("/")).received())
                        .startsWith("HTTP/1.1 500 Internal Server Error\r\n")
                        .contains("Content-Type: application/problem+json\r\n")
                        .endsWith("{\"type\":\"about:blank\",\"title\":\"Internal Server Error\",\"status\":500}\n")
                        .doesNotContain("secret");
                assertThat(wire.reported).hasSize(1);
                assertThat(wire.send(Wire.get("/")).socket.isOpen()).isTrue();
            }
        }

        @Test
        void failWithTheStatusAndHeadersOfTheProblem() {
            try (var wire = new Wire(exchange ->
                    exchange.fail(new HttpException(401, "who are you?").withHeader("WWW-Authenticate", "Basic")))) {
                assertThat(wire.send(Wire.get("/")).received())
                        .startsWith("HTTP/1.1 401 Unauthorized\r\n")
                        .contains("WWW-Authenticate: Basic\r\n")
                        .contains("\"detail\":\"who are you?\"");
                assertThat(wire.reported).isEmpty();
            }
        }

        @Test
        void failWithAllThatIsWrongWithTheRequest() {
            try (var wire = new Wire(exchange -> exchange.fail(new HttpException(422, "this is no person")
                    .withError("/age", "must be 0 or more")
                    .withError("/name", "<missing>")))) {
                assertThat(wire.send(Wire.get("/")).received())
                        .endsWith("""
                                "detail":"this is no person","errors":[{"pointer":"/age","detail":"must be 0 or more"},\
                                {"pointer":"/name","detail":"\\u003cmissing\\u003e"}]}
                                """);
            }
        }

        @Test
        void thatFailTooLateAreAborted() {
            try (var wire = new Wire(exchange -> {
                exchange.response().start().write("a");
                throw new IllegalStateException("too late");
            })) {
                wire.send(Wire.get("/"));
                assertThat(wire.socket.isAborted()).isTrue();
                assertThat(wire.reported).hasSize(1);
            }
        }

        @Test
        void thatFailAfterTheAnswerAreReported() {
            try (var wire = new Wire(exchange -> {
                exchange.response().send("done");
                throw new IllegalStateException("after the fact");
            })) {
                assertThat(wire.send(Wire.get("/")).received()).endsWith("done");
                assertThat(wire.reported).hasSize(1);
                assertThat(wire.socket.isOpen()).isTrue();
            }
        }

        @Test
        void passToWhoIsNext() {
            try (var wire = new Wire(exchange -> {
                exchange.onPass(same -> same.response().send("next"));
                exchange.response().pass();
            })) {
                assertThat(wire.send(Wire.get("/")).body()).isEqualTo("next");
            }
        }

        @Test
        void passToNobody() {
            try (var wire = new Wire(exchange -> exchange.response().pass())) {
                assertThat(wire.send(Wire.get("/")).status()).isEqualTo(404);
            }
        }

        @Test
        void keepData() {
            try (var wire = new Wire(exchange -> {
                exchange.request().put(USER, "ada");
                exchange.response().send(exchange.request().get(USER).orElse("nobody"));
            })) {
                assertThat(wire.send(Wire.get("/")).body()).isEqualTo("ada");
            }
        }

        @Test
        void forgetTheHeadWhenTheyAreAnsweredAtOnce() {
            try (var wire = new Wire(exchange -> {
                waiting.add(exchange);
                exchange.response().send("x");
                assertThat(exchange.request().header("host")).contains("here");
            })) {
                wire.send(Wire.get("/"));
                Request request = waiting.get(0).request();
                assertThatThrownBy(() -> request.header("host"))
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("the head is gone");
                assertThat(request.path()).isEqualTo("/");
            }
        }

        @Test
        void tellTheTargetAsItWasSent() {
            try (var wire = new Wire(exchange -> exchange.response().send(exchange.targetAsSent()))) {
                assertThat(wire.send(Wire.get("/a/%2e%2E/b?c")).body()).isEqualTo("/a/%2e%2E/b?c");
            }
        }
    }

    @Nested
    class HeadLimits {
        private static final Limits LIMITS = Limits.standard().withRequestLine(64).withHeaders(64, 2);

        private int status(String request) {
            try (var wire = new Wire(LIMITS, Timeouts.standard(), Wire::echo)) {
                return wire.send(request).status();
            }
        }

        private static String line(int length) {
            return "GET /" + "a".repeat(length - 14) + " HTTP/1.1\r\n";
        }

        @Test
        void theRequestLine() {
            assertThat(status(line(64) + Wire.HOST + "\r\n")).isEqualTo(200);
            assertThat(status(line(65) + Wire.HOST + "\r\n")).isEqualTo(414);
            assertThat(status(line(65).substring(0, 65))).isEqualTo(414);
        }

        @Test
        void theBytesOfTheHeaders() {
            String filler = "X: " + "a".repeat(64 - Wire.HOST.length() - 5) + "\r\n";
            assertThat(status(line(20) + Wire.HOST + filler + "\r\n")).isEqualTo(200);
            assertThat(status(line(20) + Wire.HOST + "a" + filler + "\r\n")).isEqualTo(431);
            assertThat(status(line(20) + Wire.HOST + "X: " + "a".repeat(120))).isEqualTo(431);
        }

        @Test
        void theNumberOfHeaders() {
            assertThat(status(line(20) + Wire.HOST + "A:\r\nB:\r\n\r\n")).isEqualTo(431);
        }

        @Test
        void theBytesOfTrailersAndExtensions() {
            String chunked = "POST / HTTP/1.1\r\n" + Wire.HOST + "Transfer-Encoding: chunked\r\n\r\n";
            assertThat(status(chunked + "0;" + "a".repeat(63) + "\r\n\r\n")).isEqualTo(200);
            assertThat(status(chunked + "0;" + "a".repeat(64) + "\r\n\r\n")).isEqualTo(431);
            assertThat(status(chunked + "0\r\n" + "X: " + "a".repeat(64) + "\r\n\r\n")).isEqualTo(431);
            assertThat(status(chunked + "0\r\nA:\r\nB:\r\nC:\r\n\r\n")).isEqualTo(431);
        }
    }
}
