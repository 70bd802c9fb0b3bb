package dev.thrum.kernel;

import java.util.concurrent.atomic.LongAdder;

/// A program that submits so many tasks as its argument says, each with a result of its own, and receives the results.
final class Million {
    private Million() {}

    public static void main(String[] arguments) throws InterruptedException {
        int tasks = Integer.parseInt(arguments[0]);
        LongAdder received = new LongAdder();
        try (Kernel kernel = Kernel.start(2)) {
            Channel<Object> channel = kernel.channel();
            for (int i = 0; i < tasks; i += 1000) {
                for (int j = 0; j < 1000; j++) {
                    channel.submit(Object::new);
                }
                channel.receive(1000, result -> received.increment());
            }
        }
        System.out.println(received.sum());
    }
}
