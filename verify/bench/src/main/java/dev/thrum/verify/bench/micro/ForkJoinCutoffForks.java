package dev.thrum.verify.bench.micro;

/// The same, with a cutoff by hand for each question.
public class ForkJoinCutoffForks extends ForkJoinForks {

    @Override
    protected final boolean forks(int above) {
        return above >= 0;
    }
}
