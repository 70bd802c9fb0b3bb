package dev.thrum.verify.bench.server;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// What every peer serves, whatever it is written in.
///
/// The process is started with two arguments, a port and a number of routes, and listens on 127.0.0.1 with one event
/// loop thread, `TCP_NODELAY` and a backlog of [#BACKLOG]. `GET` [#PATH] is answered with [#BODY] as `text/plain` with
/// `Content-Length` and `Date`, every other path with 404. The route stands in the middle of the table, so that a router
/// that searches one by one pays the average. One hook runs in front of each answer.
record Hello(int port, int routes) {

    static final String PATH = "/plaintext";
    static final String BODY = "Hello, World!";
    static final String HOST = "127.0.0.1";
    static final int BACKLOG = 4096;

    Hello {
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("port must be 0..65535: " + port);
        }
        if (routes < 1) {
            throw new IllegalArgumentException("routes must be at least 1: " + routes);
        }
    }

    static Hello parse(String[] arguments) {
        if (arguments.length != 2) {
            throw new IllegalArgumentException("arguments must be PORT ROUTES: " + List.of(arguments));
        }
        return new Hello(Integer.parseInt(arguments[0]), Integer.parseInt(arguments[1]));
    }

    /// {@return the paths of the route table, in order}
    List<String> paths() {
        List<String> paths = new ArrayList<>(routes); // a loop, since the first use of a stream is a part of the start
        for (int i = 0; i < routes; i++) {
            paths.add(i == routes / 2 ? PATH : "/route".concat(Integer.toString(i)));
        }
        return paths;
    }

    static byte[] body() {
        return BODY.getBytes(StandardCharsets.US_ASCII);
    }
}
