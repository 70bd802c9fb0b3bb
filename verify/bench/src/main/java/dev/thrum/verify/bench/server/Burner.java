package dev.thrum.verify.bench.server;

import java.util.concurrent.locks.LockSupport;

/// A stranger who uses the processors.
public final class Burner {

    private static final int THREADS = 2;
    private static final long SLICE = 200_000_000; // ns, from one burst to the next, as with a neighbour who floods

    private Burner() {}

    /// Burns until the process ends.
    /// @param arguments how many thousandths of one processor
    public static void main(String[] arguments) {
        long busy = SLICE * Long.parseLong(arguments[0]) / 1_000 / THREADS;
        for (int i = 1; i < THREADS; i++) {
            Thread.ofPlatform().start(() -> burn(busy));
        }
        burn(busy);
    }

    private static void burn(long busy) {
        for (long begin = System.nanoTime(); ; begin += SLICE) {
            while (System.nanoTime() - begin < busy) {
                if (Fib.fib(15) != 610) {
                    throw new AssertionError("the work must not be left out");
                }
            }
            LockSupport.parkNanos(begin + SLICE - System.nanoTime());
        }
    }
}
