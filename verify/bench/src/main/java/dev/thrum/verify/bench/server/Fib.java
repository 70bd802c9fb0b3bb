package dev.thrum.verify.bench.server;

/// Work for the processor, of a length that does not depend on the time of day.
final class Fib {

    private Fib() {}

    static long fib(int n) {
        return n < 2 ? n : fib(n - 1) + fib(n - 2);
    }
}
