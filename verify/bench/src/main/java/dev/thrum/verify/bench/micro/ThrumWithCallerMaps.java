package dev.thrum.verify.bench.micro;

/// A kernel of one worker, and the thread that calls.
public class ThrumWithCallerMaps extends ThrumMaps {

    public ThrumWithCallerMaps() {
        super(1);
    }
}
