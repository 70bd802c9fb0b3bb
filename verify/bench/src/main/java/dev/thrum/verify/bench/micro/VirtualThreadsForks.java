package dev.thrum.verify.bench.micro;

import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// A virtual thread for each part, with a cutoff by hand: without, there would be a million of them.
public class VirtualThreadsForks extends PartForks {

    @Override
    protected final boolean forks(int above) {
        return above >= 0;
    }

    @Override
    protected final Part fork(LongSupplier body, @Nullable Part before) {
        ThreadPart part = new ThreadPart(body, before);
        part.thread.start();
        return part;
    }

    @Override
    protected final long run(LongSupplier body) {
        return fork(body, null).result();
    }

    private static final class ThreadPart implements Part {
        private final Thread thread;
        private final @Nullable Part before;
        private long result; // the join orders it

        ThreadPart(LongSupplier body, @Nullable Part before) {
            this.thread = Thread.ofVirtual().unstarted(() -> result = body.getAsLong());
            this.before = before;
        }

        @Override
        public @Nullable Part before() {
            return before;
        }

        @Override
        public long result() {
            try {
                thread.join();
            } catch (InterruptedException interrupted) {
                throw new IllegalStateException("nobody interrupts a benchmark", interrupted);
            }
            return result;
        }
    }
}
