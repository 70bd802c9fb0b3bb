package dev.thrum.net;

import dev.thrum.loop.EventLoop;
import dev.thrum.loop.LoopLocal;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/// How many bytes of memory the sockets of one loop hold for their peers: what a peer does not take, and what has come and
/// cannot be used yet. What is built upon sockets may count its own here, too.
///
/// **Threads.** The loop's thread; [#bytes] may be asked from any, and is a moment old there.
public final class Buffered {
    private static final LoopLocal<Buffered> HERE = LoopLocal.of(Buffered::new);
    private static final VarHandle BYTES;

    static {
        try {
            BYTES = MethodHandles.lookup().findVarHandle(Buffered.class, "bytes", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private long bytes; // loop thread only, but for opaque reads elsewhere

    private Buffered() {}

    /// {@return what the sockets of the loop that runs on this thread hold}
    /// @throws IllegalStateException if none does
    public static Buffered here() {
        return HERE.get();
    }

    /// {@return what the sockets of `loop` hold}
    /// @param loop the loop
    /// @throws WrongThreadException if called from another thread than the loop's
    public static Buffered of(EventLoop loop) {
        return HERE.in(loop);
    }

    /// {@return how many bytes they hold}
    public long bytes() {
        return (long) BYTES.getOpaque(this);
    }

    /// Counts more, or fewer.
    /// @param more how many bytes have come to it; negative for those that have gone
    public void add(long more) {
        BYTES.setOpaque(this, bytes + more);
    }
}
