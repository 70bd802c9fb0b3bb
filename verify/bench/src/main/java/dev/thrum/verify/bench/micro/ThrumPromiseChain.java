package dev.thrum.verify.bench.micro;

import dev.thrum.loop.EventLoop;
import dev.thrum.loop.ManualLoop;
import dev.thrum.scope.Scope;

/// Thrum's promises on a loop, where they are confined to its thread.
public class ThrumPromiseChain extends ThrumAtRootPromiseChain {

    private final ManualLoop loop = EventLoop.manual(System::nanoTime);

    @Override
    protected int where(Chains chains) {
        return Scope.current().at(loop).call(chains::sum);
    }

    @Override
    protected void close() {
        loop.close();
    }
}
