package dev.thrum.verify.bench.micro;

import dev.thrum.kernel.Channel;
import dev.thrum.kernel.Kernel;
import dev.thrum.kernel.KernelConfig;
import java.util.function.UnaryOperator;

/// A Thrum kernel and a channel, set up as when nothing is said.
public class ThrumSubmitReceive extends SubmitReceive {

    private final Kernel kernel;
    private final Channel<Integer> channel;

    public ThrumSubmitReceive() {
        this(UnaryOperator.identity());
    }

    /// @param config sets the kernel up
    protected ThrumSubmitReceive(UnaryOperator<KernelConfig> config) {
        kernel = Kernel.start(WORKERS, config);
        channel = kernel.channel();
    }

    @Override
    protected void submit() {
        channel.submit(EMPTY);
    }

    @Override
    protected Object receive() throws InterruptedException {
        return channel.receive();
    }

    @Override
    protected void close() {
        kernel.close();
    }
}
