package dev.thrum.verify.bench.micro;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ForkJoinPool;
import org.jspecify.annotations.Nullable;

/// A `CompletableFuture` for each node, on a pool of two; the children are made first, since they must be there.
public class CompletableFutureGraphs extends Graphs {

    private @Nullable ForkJoinPool pool;

    @Override
    protected final void open() {
        pool = new ForkJoinPool(2);
    }

    @Override
    protected final void close() {
        requireNonNull(pool).close();
    }

    @Override
    protected final int compute(List<List<Integer>> children) {
        ForkJoinPool on = requireNonNull(pool);
        List<CompletableFuture<Integer>> nodes = new ArrayList<>(Collections.nCopies(children.size(), null));
        for (int i = children.size() - 1; i >= 0; i--) {
            List<CompletableFuture<Integer>> mine = children.get(i).stream().map(nodes::get).toList();
            nodes.set(i, CompletableFuture.allOf(mine.toArray(CompletableFuture[]::new))
                    .thenApplyAsync(
                            _ -> sum(mine.stream().map(CompletableFuture::join).toList()), on));
        }
        return nodes.getFirst().join();
    }
}
