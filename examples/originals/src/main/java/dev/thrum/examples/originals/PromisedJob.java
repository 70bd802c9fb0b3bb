package dev.thrum.examples.originals;

import static java.time.Duration.ofMillis;

import dev.thrum.kernel.Kernel;
import dev.thrum.loop.EventLoop;
import dev.thrum.promise.Promise;
import dev.thrum.promise.Resolver;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/// cl-async, Threading, "Example: using promises seamlessly".
///
/// The promise of a background job comes home to the loop it was asked for on, with the value or with the error.
public final class PromisedJob {
    private PromisedJob() {}

    /// Runs `operation` in a thread of its own. A toy, as the page says: a kernel's `submit` does this, on threads that
    /// are there already.
    static <T> Promise<T> work(Callable<T> operation) {
        Resolver<T> resolver = Resolver.holding();
        Thread.ofPlatform().start(() -> {
            try {
                resolver.resolve(operation.call());
            } catch (Throwable problem) {
                resolver.reject(problem);
            }
        });
        return resolver.promise();
    }

    /// Prints that the loop goes on, then the value, then the error of a job that fails.
    /// @param args how many milliseconds a job takes; 3000 unless said otherwise
    public static void main(String[] args) {
        long millis = args.length == 0 ? 3_000 : Long.parseLong(args[0]);

        EventLoop.run(loop -> {
            loop.after(ofMillis(millis / 3), () -> IO.println("event loop still running..."));
            print(work(() -> sum(millis)));
        });

        try (Kernel kernel = Kernel.start(2)) {
            EventLoop.run(loop -> {
                print(kernel.submit(() -> sum(millis)));
                print(kernel.submit(() -> Integer.parseInt("nine")));
            });
        }
    }

    private static void print(Promise<Integer> promise) {
        promise.map(value -> "got val: " + value)
                .recover(Exception.class, problem -> "err: " + problem.getMessage())
                .tap(IO::println);
    }

    private static int sum(long millis) throws InterruptedException {
        TimeUnit.MILLISECONDS.sleep(millis);
        return 4 + 5;
    }
}
