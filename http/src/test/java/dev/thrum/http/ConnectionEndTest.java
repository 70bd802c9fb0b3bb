package dev.thrum.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thrum.scope.Scope;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Connections that come to their end, and terms that change while they are open.
class ConnectionEndTest {
    private final List<Exchange> waiting = new ArrayList<>();

    private static Duration millis(long millis) {
        return Duration.ofMillis(millis);
    }

    @Test
    @Tag("H-50")
    void aConnectionWithoutARequestEndsWhenItHasBeenQuiet() {
        try (var wire = Wire.echo()) {
            wire.send(Wire.get("/"));
            wire.later(() -> wire.http.drain(millis(500)));
            wire.advance(millis(400));
            assertThat(wire.socket.isOpen()).isTrue();
            wire.advance(millis(200));
            wire.advance(millis(20)); // it is looked at again before
            assertThat(wire.socket.isOpen()).isFalse();
        }
    }

    @Test
    @Tag("H-50")
    void aRequestThatCameWhileTheLoopWasLateIsAnswered() {
        try (var wire = Wire.echo()) {
            wire.send(Wire.get("/"));
            wire.answer();
            wire.later(() -> wire.http.drain(millis(500)));
            wire.advance(millis(10_000)); // all the same turn, between what is read and what is due
            wire.send(Wire.get("/late"));
            assertThat(wire.answer()).contains("200 OK", "Connection: close", "GET /late");
        }
    }

    @Test
    @Tag("H-50")
    void aRequestThatWasOnItsWayIsAnsweredAndTheAnswerIsTheLast() {
        try (var wire = Wire.echo()) {
            wire.send(Wire.get("/"));
            wire.answer();
            wire.later(() -> wire.http.drain(millis(500)));
            wire.send(Wire.get("/late"));
            assertThat(wire.answer()).contains("200 OK", "Connection: close", "GET /late");
            assertThat(wire.socket.isOpen()).isFalse();
        }
    }

    @Test
    @Tag("H-50")
    void aHeadThatHasBegunIsWaitedFor() {
        try (var wire = Wire.echo()) {
            wire.send("GET / HT");
            wire.later(() -> wire.http.drain(millis(500)));
            wire.advance(millis(900));
            wire.send("TP/1.1\r\n" + Wire.HOST + "\r\n");
            assertThat(wire.status()).isEqualTo(200);
        }
    }

    @Test
    void silenceIsNotNegative() {
        try (var wire = Wire.echo()) {
            assertThatThrownBy(() -> wire.http.drain(millis(-1)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("silence must not be negative: PT-0.001S");
        }
    }

    @Test
    @Tag("H-51")
    void whatIsInWorkCanBeSeenAndCancelled() {
        try (var wire = new Wire(waiting::add)) {
            wire.send(Wire.get("/first") + Wire.get("/second"));
            wire.advance(millis(700));
            List<String> seen = new ArrayList<>();
            wire.later(() -> wire.http.forEachExchange(
                    exchange -> seen.add(exchange.request() + " " + exchange.age().toMillis())));
            assertThat(seen).containsExactly("GET /first 700", "GET /second 700");

            wire.later(() -> wire.http.cancel(new HttpException(503, "enough").withHeader("Retry-After", "7")));

            assertThat(wire.answer()).containsSubsequence("503", "Retry-After: 7", "enough", "503", "enough");
            assertThat(waiting).allMatch(exchange -> exchange.scope().cancelled());
            assertThat(wire.socket.isOpen()).isTrue();
        }
    }

    @Test
    @Tag("H-51")
    void anAnswerThatHasBegunCanOnlyBeCutOff() {
        try (var wire = new Wire(waiting::add)) {
            wire.send(Wire.get("/"));
            wire.later(() -> waiting.getFirst().response().start().write("tick"));

            wire.later(() -> wire.http.cancel(new HttpException(503, "enough")));

            assertThat(wire.socket.isAborted()).isTrue();
            assertThat(waiting.getFirst().scope().cancelled()).isTrue();
        }
    }

    @Test
    @Tag("H-52")
    void aRequestIsServedOnTheTermsOfTheMomentOfItsHead() {
        AtomicReference<Http1.Terms> terms = new AtomicReference<>();
        try (var wire = Wire.echo()) {
            terms.set(new Http1.Terms(Limits.standard(), Timeouts.standard(), waiting::add, Scope.current(), Long.MAX_VALUE));
            Http1 http = Http1.on(wire.loop, terms::get);
            FakeSocket socket = new FakeSocket(wire.loop);
            wire.socket = socket;
            wire.loop.runHere(() -> http.serve(socket));
            wire.send(Wire.get("/old"));

            terms.set(new Http1.Terms(
                    Limits.standard().withHeaders(64, 1), Timeouts.standard(), Wire::echo, Scope.current(), Long.MAX_VALUE));
            wire.send(Wire.get("/new"));
            assertThat(waiting).hasSize(1);
            wire.later(() -> waiting.getFirst().response().send("by the old one"));

            assertThat(wire.answer()).containsSubsequence("by the old one", "GET /new");
            wire.send("GET / HTTP/1.1\r\n" + Wire.HOST + "Accept: x\r\n\r\n");
            assertThat(wire.status()).isEqualTo(431);
        }
    }
}
