package dev.thrum.tls;

import static java.util.Objects.requireNonNull;

import dev.thrum.scope.Registration;
import dev.thrum.scope.Scope;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// Looks at the files of certificates, or of authorities, again and again.
///
/// One thread looks for all; it ends ten seconds after the last watch. What a look says goes home to whoever asked for it.
final class CertificateWatch implements Runnable {
    private static final System.Logger LOG = System.getLogger("dev.thrum.tls");
    private static final ScheduledThreadPoolExecutor LOOKOUT = lookout();

    private final Object subject; // for the log
    private final Supplier<Certificates.Reload> reload;
    private final Scope scope = Scope.current();
    private final Consumer<? super Certificates.Reload> listener;
    private volatile boolean closed;
    private String seen = ""; // the problem of the last look; lookout only
    private boolean told; // lookout only

    private CertificateWatch(
            Object subject, Supplier<Certificates.Reload> reload, Consumer<? super Certificates.Reload> listener) {
        this.subject = subject;
        this.reload = reload;
        this.listener = listener;
    }

    /// Begins to look.
    /// @param listener hears what has changed and what is refused, under the scope of the caller and at its home
    /// @throws IllegalArgumentException if `period` is shorter than 10 milliseconds
    static Registration start(
            Object subject,
            Supplier<Certificates.Reload> reload,
            Duration period,
            Consumer<? super Certificates.Reload> listener) {
        if (period.compareTo(Duration.ofMillis(10)) < 0) {
            throw new IllegalArgumentException("period must be 10 milliseconds or more: " + period);
        }
        return new CertificateWatch(subject, reload, requireNonNull(listener, "listener")).every(period);
    }

    private static ScheduledThreadPoolExecutor lookout() {
        var executor = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().daemon().name("thrum-certificates").factory());
        executor.setKeepAliveTime(10, TimeUnit.SECONDS);
        executor.allowCoreThreadTimeOut(true);
        executor.setRemoveOnCancelPolicy(true);
        return executor;
    }

    private Registration every(Duration period) {
        long nanos = period.toNanos();
        ScheduledFuture<?> looks = LOOKOUT.scheduleWithFixedDelay(this, nanos, nanos, TimeUnit.NANOSECONDS);
        return () -> {
            closed = true;
            looks.cancel(false);
        };
    }

    /// A look. Nothing that goes wrong may end the watch.
    @Override
    public void run() {
        try {
            look(reload.get());
        } catch (Throwable problem) {
            scope.home().report(problem, scope);
        }
    }

    private void look(Certificates.Reload outcome) {
        switch (outcome) {
            case Certificates.Reload.Unchanged _ -> forget();
            case Certificates.Reload.Changed changed -> {
                forget();
                LOG.log(Level.INFO, "new certificates: {0}", subject);
                tell(changed);
            }
            case Certificates.Reload.Refused refused -> refuse(refused);
        }
    }

    private void forget() {
        seen = "";
        told = false;
    }

    private void refuse(Certificates.Reload.Refused refused) {
        String problem = String.valueOf(refused.problem().getMessage());
        if (!problem.equals(seen)) {
            seen = problem;
            told = false;
        } else if (!told) {
            told = true;
            LOG.log(Level.WARNING, "the old certificates are kept: {0}", problem);
            tell(refused);
        }
    }

    private void tell(Certificates.Reload outcome) {
        scope.home().post(() -> scope.run(() -> {
            if (!closed) {
                listener.accept(outcome);
            }
        }));
    }
}
