package dev.thrum.scope;

/// Something that lasts until it is closed: a hold, a timer, an action waiting for a cancellation.
///
/// **Threads.** [#close] may be called from any thread, and twice: the second call does nothing.
@FunctionalInterface
public interface Registration extends AutoCloseable {

    /// Ends it.
    @Override
    void close();

    /// {@return a registration of nothing, whose end does nothing}
    static Registration none() {
        return () -> {};
    }
}
