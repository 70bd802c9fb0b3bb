package dev.thrum.verify.bench;

import java.nio.charset.StandardCharsets;

/// What is asked of the peers again and again.
/// @param path the path
/// @param upload what is sent with it for a first time; empty for a GET
/// @param answer what the first answer ends with
/// @param script what makes `wrk` send the same at length, or to several ports; empty for a GET
/// @param threads how many threads `wrk` has
/// @param pipelined whether it is also asked several times at once
record Load(String path, String upload, String answer, String script, int threads, boolean pipelined) {

    static final Load PLAINTEXT = new Load(PeerProcess.PATH, "", PeerProcess.BODY, "", 1, true);
    static final Load PORTS = new Load(PeerProcess.PATH, "", PeerProcess.BODY, "ports.lua", 4, false);
    static final Load JSON = get("/json", "{\"id\":7,\"title\":\"A boat\",\"tags\":[\"sea\",\"summer\"],\"shared\":true}");
    static final Load FILE = get("/file", FilePeers.LAST);
    static final Load UPLOAD = new Load("/upload", "hello", "5 bytes", "upload.lua", 1, false);

    private static Load get(String path, String answer) {
        return new Load(path, "", answer, "", 1, false);
    }

    /// {@return it for once, on a connection of its own}
    byte[] request() {
        String head = upload.isEmpty()
                ? "GET " + path + " HTTP/1.1\r\n"
                : "POST " + path + " HTTP/1.1\r\nContent-Length: " + upload.length() + "\r\n";
        return (head + "Host: localhost\r\nConnection: close\r\n\r\n" + upload).getBytes(StandardCharsets.US_ASCII);
    }
}
