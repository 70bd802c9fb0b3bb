package dev.thrum.kernel;

import java.util.concurrent.Callable;

/// A kernel that knows of no category, no handler and no scope: nothing is looked up at the submission, and what the task
/// throws is its outcome.
public class BareTaskSupport extends TaskSupport {

    private static final Terms NONE = Terms.here(null, null);

    private static final class BareJob extends ChannelJob {

        BareJob(Results results) {
            super(NONE, EMPTY, results);
        }

        @Override
        boolean run(Object body, Team team) {
            Object outcome;
            try {
                outcome = ((Callable<?>) body).call();
            } catch (Exception failed) {
                outcome = new Failure(failed);
            }
            return complete(outcome);
        }
    }

    @Override
    void submit(Team team, Results results) {
        results.submit(new BareJob(results));
    }
}
