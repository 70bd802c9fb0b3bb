package dev.thrum.loop;

/// A notifier that a signal triggers.
final class SignalNotifier extends LoopNotifier {
    private final SignalLine line;

    /// @throws IllegalStateException if the signal cannot be had
    SignalNotifier(SelectorLoop loop, Signal signal, Runnable action) {
        super(loop, action, signal + " handler");
        this.line = SignalLine.of(signal);
        repeating();
        line.add(this);
    }

    @Override
    void stop() {
        line.remove(this);
    }
}
