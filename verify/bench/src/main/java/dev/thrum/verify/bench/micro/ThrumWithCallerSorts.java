package dev.thrum.verify.bench.micro;

/// A kernel of one worker, and the thread that calls.
public class ThrumWithCallerSorts extends ThrumSorts {

    public ThrumWithCallerSorts() {
        super(1);
    }
}
