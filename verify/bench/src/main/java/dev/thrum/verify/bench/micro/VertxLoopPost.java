package dev.thrum.verify.bench.micro;

/// `runOnContext` of Vert.x.
public class VertxLoopPost extends FlaggedLoopPost {

    private final VertxLoop vertx;

    public VertxLoopPost() {
        this(new VertxLoop());
    }

    private VertxLoopPost(VertxLoop vertx) {
        super(vertx::execute);
        this.vertx = vertx;
    }

    @Override
    protected void close() {
        vertx.close();
    }
}
