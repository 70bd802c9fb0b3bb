package dev.thrum.verify.bench.micro;

/// A Thrum kernel whose threads look for work a while before they sleep, as lparallel's do unless told otherwise.
public class ThrumSpinningSubmitReceive extends ThrumSubmitReceive {

    public ThrumSpinningSubmitReceive() {
        super(config -> config.withSpins(2_000));
    }
}
