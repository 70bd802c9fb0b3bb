package dev.thrum.verify.bench.micro;

/// No context at all.
public class BareScopedTask extends ScopedTask {

    @Override
    protected void run(Runnable task) {
        task.run();
    }
}
