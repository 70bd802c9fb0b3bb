package dev.thrum.net;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/// A reader that writes down what it hears, and reads all.
class Recorder implements Socket.Reader {
    final Socket socket;
    final List<Object> log;

    Recorder(Socket socket, List<Object> log) {
        this.socket = socket;
        this.log = log;
    }

    @Override
    public void onRead(ByteBuffer bytes) {
        log.add(ISO_8859_1.decode(bytes).toString());
    }

    @Override
    public void onEnd(Socket ended) {
        log.add("end");
        Socket.Reader.super.onEnd(ended);
    }

    @Override
    public void onClosed(IOException reason) {
        log.add("closed " + (reason == null ? "null" : reason.getClass().getSimpleName() + ": " + reason.getMessage()));
    }
}
