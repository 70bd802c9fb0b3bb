package dev.thrum.promise;

import dev.thrum.scope.Home;

/// Carries the result of one node to another that follows it.
final class Follow extends Watch {
    final Node<?> served;

    Follow(Home home, Node<?> served) {
        super(home);
        this.served = served;
    }

    @Override
    void seen(Object result) {
        served.settleFromAnywhere(result);
    }
}
