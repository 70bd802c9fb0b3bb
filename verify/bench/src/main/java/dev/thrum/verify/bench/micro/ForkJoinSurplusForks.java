package dev.thrum.verify.bench.micro;

import java.util.concurrent.ForkJoinTask;

/// The same, which forks only while few parts lie there that nobody has taken, as the pool's documentation proposes.
public class ForkJoinSurplusForks extends ForkJoinForks {

    private static final int MOST = 2;

    @Override
    protected final boolean forks(int above) {
        return ForkJoinTask.getSurplusQueuedTaskCount() <= MOST;
    }
}
