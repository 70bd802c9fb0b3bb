package dev.thrum.verify.bench.micro;

/// The JDK's `ScopedValue`, bound anew for each task.
public class ScopedValueScopedTask extends ScopedTask {
    private static final ScopedValue<Object> CONTEXT = ScopedValue.newInstance();

    private final Object context = new Object();

    @Override
    protected void run(Runnable task) {
        ScopedValue.where(CONTEXT, context).run(task);
    }
}
