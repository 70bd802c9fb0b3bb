package dev.thrum.loop;

/// Something a loop waits for: a timer, a notifier, a channel, a socket.
///
/// An open handle keeps its loop alive while it is referenced, as it is from the start. A loop that ends closes the
/// handles that are still open. So does the cancellation of the scope a handle was made under: at once when the loop's thread
/// cancels, in the next turn when another does. What is made under a scope that is cancelled already is closed from the start. On
/// what its scope has closed every method does nothing, also where a handle that was closed by its user refuses. Only a [Poll] is
/// left to whoever owns its channel, who has to close both.
///
/// **Threads.** The loop's thread only; elsewhere every method throws [WrongThreadException].
public interface Handle extends AutoCloseable {

    /// {@return the loop that waits for this}
    EventLoop loop();

    /// {@return whether this is still open}
    /// @throws WrongThreadException if called from another thread than the loop's
    boolean isOpen();

    /// Makes the loop live for as long as this is open (cl-async's `ref`).
    /// @throws WrongThreadException if called from another thread than the loop's
    void ref();

    /// Lets the loop end although this is open (cl-async's `unref`).
    /// @throws WrongThreadException if called from another thread than the loop's
    void unref();

    /// {@return whether the loop lives for as long as this is open}
    /// @throws WrongThreadException if called from another thread than the loop's
    boolean isReferenced();

    /// Closes this; its callback will not run any more. Closing twice does nothing.
    /// @throws WrongThreadException if called from another thread than the loop's
    @Override
    void close();
}
