package dev.thrum.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ExchangeTest {
    @Test
    void answersAtOnce() {
        try (var wire = new Wire(exchange -> exchange.response().send("Hello, World!"))) {
            wire.send(Wire.get("/"));
            assertThat(wire.received())
                    .isEqualTo("HTTP/1.1 200 OK\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
                            + "Content-Type: text/plain; charset=utf-8\r\nContent-Length: 13\r\n\r\nHello, World!");
        }
    }

    @Test
    void echoesWhatItUnderstood() {
        try (var wire = Wire.echo()) {
            wire.send("POST /a%20b/../c?d=e HTTP/1.1\r\nHost: HERE:80\r\nX-One:  1 \t\r\nContent-Length: 3\r\n\r\nabc");
            assertThat(wire.body())
                    .isEqualTo("POST /c d=e here:80 1.1\nHost=HERE:80\nX-One=1\nContent-Length=3\nabc");
        }
    }
}
