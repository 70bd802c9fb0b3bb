package dev.thrum.verify.bench.micro;

/// A kernel of one worker, and the thread that calls.
public class ThrumWithCallerForks extends ThrumForks {

    public ThrumWithCallerForks() {
        super(1, true);
    }
}
