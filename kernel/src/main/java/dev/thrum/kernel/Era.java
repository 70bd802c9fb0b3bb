package dev.thrum.kernel;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The tasks submitted between two broadcasts.
final class Era {
    /*
     * Submitters put jobs into the newest era, and each worker works on the oldest it has not seen the end of. A
     * broadcast, or the end of the kernel, first publishes what comes next and then seals the era; a submitter that
     * finds it sealed looks for the newest again. So "every task submitted before" is the content of a sealed era, and
     * a worker that finds it empty has nothing earlier left to do. The last era has no next one.
     */
    private final RunQueue normal = new RunQueue();
    private final RunQueue low = new RunQueue();
    private volatile @Nullable Broadcast<?> broadcast; // at its end; written before it is sealed
    private volatile @Nullable Era next; // written before it is sealed
    private volatile boolean sealed;

    RunQueue queue(Priority priority) {
        return priority == Priority.LOW ? low : normal;
    }

    boolean isEmpty() {
        return normal.isEmpty() && low.isEmpty();
    }

    /// {@return whether everything in it was taken, and nothing can come}
    boolean isOver() {
        return sealed && isEmpty();
    }

    boolean isSealed() {
        return sealed;
    }

    void follow(@Nullable Broadcast<?> broadcast, @Nullable Era next) {
        this.broadcast = broadcast;
        this.next = next;
    }

    void seal() {
        normal.seal();
        low.seal();
        sealed = true;
    }

    @Nullable Broadcast<?> broadcast() {
        return broadcast;
    }

    @Nullable Era next() {
        return next;
    }

    void drain(Consumer<? super Job> action) {
        normal.drain(action);
        low.drain(action);
    }

    void forEach(Consumer<? super Job> action) {
        normal.forEach(action);
        low.forEach(action);
    }
}
