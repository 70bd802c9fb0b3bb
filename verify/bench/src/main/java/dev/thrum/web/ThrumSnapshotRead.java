package dev.thrum.web;

import dev.thrum.http.Http1;

/// As it is: another thread may put another application in its place at any time.
public class ThrumSnapshotRead extends SnapshotRead {

    @Override
    Http1.Terms terms() {
        return server.terms(0);
    }
}
