package dev.thrum.verify.bench.micro;

/// A Thrum loop that looks for work a while before it sleeps.
public class ThrumSpinningLoopPost extends ThrumLoopPost {

    public ThrumSpinningLoopPost() {
        super(2_000);
    }
}
