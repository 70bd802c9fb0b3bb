package dev.thrum.verify.bench.micro;

/// A kernel of one worker, so that nobody takes anything: what the questions cost that nobody says yes to, and the way to a
/// worker and back.
public class ThrumAloneForks extends ThrumForks {

    public ThrumAloneForks() {
        super(1, false);
    }
}
