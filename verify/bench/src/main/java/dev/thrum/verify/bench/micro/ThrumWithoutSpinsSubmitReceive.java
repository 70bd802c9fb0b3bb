package dev.thrum.verify.bench.micro;

/// A Thrum kernel whose threads sleep as soon as there is nothing to do.
public class ThrumWithoutSpinsSubmitReceive extends ThrumSubmitReceive {

    public ThrumWithoutSpinsSubmitReceive() {
        super(config -> config.withSpins(0));
    }
}
