package dev.thrum.promise;

import dev.thrum.scope.Home;
import dev.thrum.scope.Scope;

/// What stands in the place of the steps of a node. It is never fired.
abstract sealed class Mark extends Step<Object, Object> {

    /// The steps have run, and later ones run at once. It lives for ever, so it must not keep the scope of whoever needs it
    /// first.
    static final Mark FLUSHED = Scope.root().call(Flushed::new);

    private Mark() {
        super(Home.root());
    }

    private static final class Flushed extends Mark {}

    /// The node forwards: its one step, a follower, waits for the target now, and whoever wants to know the node's result
    /// asks the target. It is the result of the node as well.
    static final class Link extends Mark {
        final Node<?> target;
        final Follow follower;

        Link(Node<?> target, Follow follower) {
            this.target = target;
            this.follower = follower;
        }
    }

    @Override
    final Object apply(Object result) {
        return result;
    }
}
