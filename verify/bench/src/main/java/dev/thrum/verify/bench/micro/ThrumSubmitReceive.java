package dev.thrum.verify.bench.micro;

import static java.util.Objects.requireNonNull;

import dev.thrum.kernel.Channel;
import dev.thrum.kernel.Kernel;
import dev.thrum.kernel.KernelConfig;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// A Thrum kernel and a channel for each producer, set up as when nothing is said.
public class ThrumSubmitReceive extends SubmitReceive {

    private final UnaryOperator<KernelConfig> config;
    private @Nullable Kernel kernel;

    public ThrumSubmitReceive() {
        this(UnaryOperator.identity());
    }

    /// @param config sets the kernel up
    protected ThrumSubmitReceive(UnaryOperator<KernelConfig> config) {
        this.config = config;
    }

    /// The channel of one producer.
    private record Results(Channel<Integer> channel) implements Line {

        @Override
        public void submit() {
            channel.submit(EMPTY);
        }

        @Override
        public Object receive() throws InterruptedException {
            return channel.receive();
        }
    }

    @Override
    public final void open(int workers) {
        kernel = Kernel.start(workers, config);
    }

    @Override
    public final Line line() {
        return new Results(requireNonNull(kernel).channel());
    }

    @Override
    public final void close() {
        requireNonNull(kernel).close();
    }
}
