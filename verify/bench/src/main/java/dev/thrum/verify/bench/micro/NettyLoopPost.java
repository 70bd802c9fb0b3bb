package dev.thrum.verify.bench.micro;

/// A Netty loop: what ratios refer to.
public class NettyLoopPost extends FlaggedLoopPost {

    private final NettyLoop netty;

    public NettyLoopPost() {
        this(new NettyLoop());
    }

    private NettyLoopPost(NettyLoop netty) {
        super(netty.loop());
        this.netty = netty;
    }

    @Override
    protected void close() {
        netty.close();
    }
}
