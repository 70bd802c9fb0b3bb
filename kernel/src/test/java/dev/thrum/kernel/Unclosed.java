package dev.thrum.kernel;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;

/// A program that returns from `main` with a kernel that nobody has closed and a task that never ends. The one argument
/// says whether the kernel is a daemon; if not, a task ends it when a byte comes in.
final class Unclosed {
    private Unclosed() {}

    public static void main(String[] arguments) throws InterruptedException {
        boolean daemon = Boolean.parseBoolean(arguments[0]);
        Kernel kernel = Kernel.start(2, k -> k.withDaemon(daemon));
        CountDownLatch busy = new CountDownLatch(1);
        kernel.in("loop").execute(() -> spin(busy));
        busy.await();
        if (!daemon) {
            kernel.kill("loop"); // it runs on as a zombie
            kernel.execute(() -> endOnInput(kernel));
        }
        System.out.println("main is over");
    }

    private static void spin(CountDownLatch busy) {
        busy.countDown();
        for (; ; ) {
            Thread.onSpinWait();
        }
    }

    private static void endOnInput(Kernel kernel) {
        try {
            int ignored = System.in.read();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        kernel.end();
    }
}
