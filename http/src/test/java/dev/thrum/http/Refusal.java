package dev.thrum.http;

import static org.assertj.core.api.Assertions.assertThat;

/// What is not a request by the letter gets its status, as a problem, and the end of its connection; nothing else comes of
/// it. Requests are shown with `|` for CR LF, `^` for a single CR, `_` for a single LF, `~` for NUL, `¬` for a tab, and `H;`
/// for a good Host field with its line break.
final class Refusal {
    private Refusal() {}

    static String bytes(String shown) {
        return shown.replace("H;", "Host: here\r\n")
                .replace("|", "\r\n")
                .replace('^', '\r')
                .replace('¬', '\t')
                .replace('_', '\n')
                .replace('~', '\0');
    }

    static void of(String shown, int status) {
        try (var wire = Wire.echo()) {
            wire.send(bytes(shown));
            assertThat(wire.status()).as(shown + "\n" + wire.received()).isEqualTo(status);
            assertThat(wire.received()).contains("Connection: close\r\n").contains("application/problem+json");
            assertThat(wire.received().split("HTTP/1.1 [0-9]{3} ")).as("one answer").hasSize(2);
            assertThat(wire.socket.isOutputEnded()).isTrue();
            assertThat(wire.reported).isEmpty();
        }
    }

    static void byteByByte(String shown, int status) {
        try (var wire = Wire.echo()) {
            wire.sendByteByByte(bytes(shown));
            assertThat(wire.status()).isEqualTo(status);
        }
    }
}
