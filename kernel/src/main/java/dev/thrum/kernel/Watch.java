package dev.thrum.kernel;

import dev.thrum.scope.Registration;
import dev.thrum.scope.Scope;
import java.util.ArrayList;
import java.util.List;

/// Passes the cancellation of the sender's scope, and the kill of the task that submitted it, on to a job until it is
/// settled.
final class Watch {
    private final List<Registration> registrations = new ArrayList<>(2); // guarded by this
    private boolean over; // guarded by this

    /// {@return whether a job submitted here and now has anything to watch}
    static boolean isNeeded(Terms terms) {
        return terms.sender != Scope.root() || Worker.current() != null;
    }

    void begin(Job job, Team team) {
        keep(job.terms.sender.onCancel(reason -> team.kills().cancel(job, reason)));
        Worker parent = Worker.current();
        if (parent != null) {
            if (parent.team() == team) {
                parent.handedOut().add(job);
            }
            keep(parent.family().onCancel(reason -> team.kills().cancel(job, reason)));
            if (parent.isCondemned()) {
                team.kills().cancel(job, new TaskKilledException("the task that submitted this one was killed", null));
            }
        }
    }

    void end() {
        List<Registration> all;
        synchronized (this) {
            over = true;
            all = List.copyOf(registrations);
            registrations.clear();
        }
        all.forEach(Registration::close);
    }

    private void keep(Registration registration) {
        synchronized (this) {
            if (!over) {
                registrations.add(registration);
                return;
            }
        }
        registration.close();
    }
}
