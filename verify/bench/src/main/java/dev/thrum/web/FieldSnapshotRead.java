package dev.thrum.web;

import dev.thrum.http.Http1;

/// A field that never changes.
public class FieldSnapshotRead extends SnapshotRead {
    private Http1.Terms terms;

    @Override
    public void start() {
        super.start();
        terms = server.terms(0);
    }

    @Override
    Http1.Terms terms() {
        return terms;
    }
}
