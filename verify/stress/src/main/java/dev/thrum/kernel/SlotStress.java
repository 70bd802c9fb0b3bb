package dev.thrum.kernel;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.I_Result;

/// A piece that lies in a slot runs once, and whoever joins it sees what it did.
public class SlotStress {
    private static final Team TEAM = (Team) Kernel.start(1);
    private static final Terms TERMS = Terms.here(null, null);

    private static Hands handsOfThisThread() {
        return new Hands(TEAM, Thread.currentThread());
    }

    /// Counts its runs.
    private static final class Counted extends Piece {
        private int runs; // plain: the join orders it

        @Override
        protected void run(Hands hands) {
            runs++;
        }
    }

    /// Takes what lies in the owner's slot, as a worker does.
    private static void takeFrom(@Nullable Hands owner) {
        Piece piece = owner == null ? null : owner.offered();
        if (owner == null || piece == null) {
            return;
        }
        if (piece.isShared()) {
            Piece part = piece.part();
            if (part != null) {
                handsOfThisThread().perform(part);
            }
        } else if (owner.take(piece)) {
            handsOfThisThread().perform(piece);
        }
    }

    /// What the owner of the slot runs: it offers a piece, or shares itself, and then joins what came of it.
    private abstract static class Root extends Piece {
        volatile @Nullable Hands owner;
        final Counted part = new Counted();

        void runHere() {
            Hands hands = handsOfThisThread();
            belong(null, new Crew(TEAM, TERMS, null));
            owner = hands;
            hands.perform(this);
        }
    }

    private static final class Offering extends Root {
        @Override
        protected void run(Hands hands) {
            hands.offer(part);
            hands.join(part);
        }
    }

    private static final class Sharing extends Root {
        private boolean isSplit; // guarded by this

        @Override
        protected void run(Hands hands) {
            hands.share(this);
            if (isSplitNow()) {
                hands.join(part);
            }
            hands.withdraw(this);
            if (isSplitNow()) {
                hands.join(part);
            }
        }

        private synchronized boolean isSplitNow() {
            return isSplit;
        }

        @Override
        protected synchronized @Nullable Piece split() {
            if (isSplit) {
                return null;
            }
            isSplit = true;
            return part;
        }
    }

    @JCStressTest
    @State
    @Outcome(id = "1", expect = ACCEPTABLE, desc = "run once, by its owner or by a taker")
    public static class OnePieceOneTaker {
        private final Root root = new Offering();

        @Actor
        public void owner(I_Result r) {
            root.runHere();
            r.r1 = root.part.runs;
        }

        @Actor
        public void taker() {
            takeFrom(root.owner);
        }
    }

    @JCStressTest
    @State
    @Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "nobody came")
    @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "split off, run once, and seen by the join")
    @Outcome(id = "0, 1", expect = ACCEPTABLE, desc = "split off when the owner had already left")
    public static class OnePartOneTaker {
        private final Root root = new Sharing();

        @Actor
        public void owner(II_Result r) {
            root.runHere();
            r.r1 = root.part.runs;
        }

        @Actor
        public void taker() {
            takeFrom(root.owner);
        }

        @Arbiter
        public void all(II_Result r) {
            r.r2 = root.part.runs;
        }
    }
}
