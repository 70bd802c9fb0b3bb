package dev.thrum.verify.bench.micro;

import java.util.concurrent.CountDownLatch;

/// The thread that calls, beside a worker that has something else to do: what the questions cost that nobody says yes to.
public class ThrumCheckForks extends ThrumForks {

    private final CountDownLatch over = new CountDownLatch(1);

    public ThrumCheckForks() {
        super(1, true);
    }

    @Override
    protected final void open() {
        super.open();
        kernel().submit(() -> {
            over.await();
            return true;
        });
    }

    @Override
    protected final void close() {
        over.countDown();
        super.close();
    }
}
