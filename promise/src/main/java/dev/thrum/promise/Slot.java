package dev.thrum.promise;

import dev.thrum.scope.Home;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/// The result of a node, which one thread gets to set; or what stands for it while it is pending.
abstract sealed class Slot extends StepList permits Node {
    static final Object CLAIMED = new Object();

    static final VarHandle RESULT;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            RESULT = lookup.findVarHandle(Slot.class, "result", Object.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    final Home home;
    @SuppressWarnings("UnusedVariable") // read through its VarHandle
    private @Nullable Object result; // acquire/release, or compare-and-set: Node says which

    Slot(Home home, @Nullable Object result) {
        this.home = home;
        this.result = result;
        if (result != null) {
            startFlushed();
        }
    }

    /// {@return the result, or null while it is pending}
    final @Nullable Object settled() {
        for (Slot node = this; ; ) {
            Object seen = RESULT.getAcquire(node);
            if (seen == null || seen == CLAIMED) {
                return null;
            }
            if (!(seen instanceof Mark.Link link)) {
                return seen;
            }
            node = link.target;
        }
    }

    /// {@return whether nobody has settled this very node, or forwarded it}
    final boolean isOpen() {
        Object seen = RESULT.getAcquire(this);
        return seen == null || seen == CLAIMED;
    }

    final boolean isSerial() {
        return isSerial(home);
    }

    static boolean isSerial(Home home) {
        return home != Home.root() && !(home instanceof ExecutorHome);
    }

    final boolean claim(Object outcome) {
        return RESULT.compareAndSet(this, null, outcome);
    }

    /// Takes the result of an open node, whoever was entitled to settle it.
    /// @return false if it had one
    boolean take(Object outcome) {
        for (; ; ) {
            Object seen = RESULT.getAcquire(this);
            if (seen != null && seen != CLAIMED) {
                return false;
            }
            if (RESULT.compareAndSet(this, seen, outcome)) {
                return true;
            }
        }
    }

    /// Takes the result of an open node that belongs to this thread.
    final boolean takeAlone(Object outcome) {
        if (!isOpen()) {
            return false;
        }
        RESULT.setRelease(this, outcome);
        return true;
    }
}
