package dev.thrum.loop;

/// A notifier that a signal triggers.
final class SignalNotifier extends LoopNotifier {
    private final SignalLine line;
    private final Runnable raised = this::trigger;

    /// @throws IllegalStateException if the signal cannot be had
    SignalNotifier(SelectorLoop loop, Signal signal, Runnable action) {
        super(loop, action, signal + " handler");
        this.line = SignalLine.of(signal);
        repeating();
        line.add(raised);
    }

    @Override
    void stop() {
        line.remove(raised);
    }
}
