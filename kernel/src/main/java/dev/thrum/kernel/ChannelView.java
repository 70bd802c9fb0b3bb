package dev.thrum.kernel;

import static java.util.Objects.requireNonNull;

import dev.thrum.scope.Home;
import dev.thrum.scope.Registration;
import dev.thrum.scope.Scope;
import java.lang.ref.Reference;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A channel as one sender sees it.
final class ChannelView<T extends @Nullable Object> implements Channel<T> {
    private final Results results;
    private final Object lease; // shared by all views: a bound holds as long as somebody can receive
    private final @Nullable Object category;
    private final @Nullable Priority priority;
    private @Nullable Terms plain; // raced for: immutable, and one is as good as another

    private ChannelView(Results results, Object lease, @Nullable Object category, @Nullable Priority priority) {
        this.results = results;
        this.lease = lease;
        this.category = category;
        this.priority = priority;
    }

    static <T extends @Nullable Object> ChannelView<T> of(Results results) {
        Object lease = new Object();
        Window window = results.window();
        if (window != null) {
            window.releaseAfter(lease);
        }
        return new ChannelView<>(results, lease, null, null);
    }

    @Override
    public void submit(Callable<? extends T> task) {
        send(task);
    }

    ChannelJob send(Callable<? extends T> task) {
        requireNonNull(task, "task");
        Terms terms = terms();
        if (Watch.isNeeded(terms)) {
            ChannelJob.Watched job = new ChannelJob.Watched(terms, task, results);
            job.submit();
            return job;
        }
        ChannelJob job = new ChannelJob(terms, task, results);
        results.submit(job);
        return job;
    }

    /// Ends a task that no worker has begun.
    void drop(ChannelJob job, Throwable reason) {
        results.team().kills().drop(job, reason);
    }

    private Terms terms() {
        Terms known = plain;
        if (known != null && Scope.current() == Scope.root()) {
            return known;
        }
        Terms terms = Terms.here(category, priority);
        if (terms.isPlain()) {
            plain = terms;
        }
        return terms;
    }

    @Override
    public T receive() throws InterruptedException {
        return value(next());
    }

    ChannelJob next() throws InterruptedException {
        refuseLoops();
        ChannelJob job = null;
        while (job == null) {
            job = await(Long.MAX_VALUE);
        }
        return job;
    }

    @Override
    public Optional<Received<T>> receive(Duration timeout) throws InterruptedException {
        requireNonNull(timeout, "timeout");
        if (!timeout.isPositive()) {
            return tryReceive();
        }
        refuseLoops();
        return received(await(nanos(timeout)));
    }

    private @Nullable ChannelJob await(long nanos) throws InterruptedException {
        try {
            return results.poll(nanos);
        } finally {
            Reference.reachabilityFence(lease);
        }
    }

    @Override
    public Optional<Received<T>> tryReceive() {
        return received(results.poll());
    }

    @Override
    public void receive(int count, Consumer<? super T> each) throws InterruptedException {
        if (count < 0) {
            throw new IllegalArgumentException("count must not be negative: " + count);
        }
        requireNonNull(each, "each");
        for (int i = 0; i < count; i++) {
            each.accept(receive());
        }
    }

    @Override
    public Channel<T> in(Object category) {
        return new ChannelView<>(results, lease, requireNonNull(category, "category"), priority);
    }

    @Override
    public Channel<T> at(Priority priority) {
        return new ChannelView<>(results, lease, category, requireNonNull(priority, "priority"));
    }

    @Override
    public Timeout<T> submitTimeout(Duration delay, T value) {
        requireNonNull(delay, "delay");
        Window window = results.window();
        if (window != null) {
            window.bypass();
        }
        ChannelJob job = new ChannelJob(terms(), null, results);
        Registration timer = Scope.root().call(() -> Home.root().schedule(positive(delay), () -> job.finish(value)));
        return instead -> {
            timer.close();
            return job.finish(instead);
        };
    }

    @Override
    public int held() {
        Window window = results.window();
        return window == null ? 0 : window.held();
    }

    @Override
    public Kernel kernel() {
        return results.team();
    }

    private Optional<Received<T>> received(@Nullable ChannelJob job) {
        return job == null ? Optional.empty() : Optional.of(new Received<>(value(job)));
    }

    @SuppressWarnings({"unchecked", "NullAway"}) // what a Callable of this channel returned, null where T allows it
    T value(ChannelJob job) {
        return (T) job.value();
    }

    private static void refuseLoops() {
        Home home = Home.current();
        if (home != Home.root() && home.isHere()) {
            throw new WrongThreadException("a loop must not wait for a channel: use kernel.submit(...), whose promise"
                    + " comes home; called on " + Thread.currentThread().getName() + " of " + home);
        }
    }

    private static Duration positive(Duration delay) {
        return delay.isNegative() ? Duration.ZERO : delay;
    }

    private static long nanos(Duration timeout) {
        Duration longest = Duration.ofNanos(Long.MAX_VALUE);
        return timeout.compareTo(longest) > 0 ? Long.MAX_VALUE : timeout.toNanos();
    }

    @Override
    public String toString() {
        return results.toString();
    }
}
