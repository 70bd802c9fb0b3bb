package dev.thrum.web;

/// Something that an application does before it answers anybody, or after its last answer: [WebApp#onStart],
/// [WebApp#onStop].
///
/// **Threads.** Called on a virtual thread of its own, which it may block; it is interrupted when its time is over.
@FunctionalInterface
public interface Phase {

    /// Does it.
    /// @throws Exception if it fails
    void run() throws Exception;
}
