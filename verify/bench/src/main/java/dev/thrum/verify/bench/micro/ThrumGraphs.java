package dev.thrum.verify.bench.micro;

import static java.util.Objects.requireNonNull;

import dev.thrum.kernel.Kernel;
import dev.thrum.parallel.Parallel;
import dev.thrum.parallel.Ptree;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A [Ptree] on a kernel of two workers.
public class ThrumGraphs extends Graphs {

    private @Nullable Kernel kernel;

    @Override
    protected final void open() {
        kernel = Kernel.start(2);
    }

    @Override
    protected final void close() {
        requireNonNull(kernel).close();
    }

    @Override
    protected final int compute(List<List<Integer>> children) {
        Ptree tree = Parallel.on(requireNonNull(kernel)).ptree();
        for (int i = 0; i < children.size(); i++) {
            tree.define(node(i), children.get(i).stream().map(ThrumGraphs::node).toList(), Graphs::sum);
        }
        return tree.call(node(0)).run();
    }

    private static Ptree.Name<Integer> node(int index) {
        return Ptree.name(index);
    }
}
