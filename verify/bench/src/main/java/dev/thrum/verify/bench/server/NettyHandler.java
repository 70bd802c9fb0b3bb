package dev.thrum.verify.bench.server;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.AsciiString;
import io.netty.util.ReferenceCountUtil;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;

/// Looks the path up in a hash table of routes, runs one hook, answers; flushes once for each read.
@Sharable
final class NettyHandler extends ChannelInboundHandlerAdapter {

    private static final AsciiString TEXT_PLAIN = AsciiString.cached("text/plain");

    private final Map<String, Function<HttpRequest, DefaultFullHttpResponse>> routes = new HashMap<>();
    private final Consumer<Object> hook = new Tally();
    private final ByteBuf body = Unpooled.unreleasableBuffer(
            Unpooled.directBuffer().writeBytes(Hello.body()).asReadOnly());
    private final CharSequence length = AsciiString.cached(Integer.toString(Hello.BODY.length()));
    // The one loop's thread only, as every callback here.
    private CharSequence date = new AsciiString(HttpDate.now());

    NettyHandler(Hello hello) {
        hello.paths().forEach(path -> routes.put(path, request -> plaintext()));
    }

    @SuppressWarnings("FutureReturnValueIgnored") // It ends with the process, and cannot throw.
    void keepDate(EventLoop loop) {
        loop.scheduleAtFixedRate(() -> date = new AsciiString(HttpDate.now()), 1, 1, TimeUnit.SECONDS);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        try {
            if (message instanceof HttpRequest request) {
                answer(context, request);
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    private void answer(ChannelHandlerContext context, HttpRequest request) {
        hook.accept(request);
        var route = routes.get(request.uri());
        boolean keepAlive = HttpUtil.isKeepAlive(request);
        ChannelFuture written = context.write(route == null ? notFound() : route.apply(request));
        if (!keepAlive) {
            written.addListener(ChannelFutureListener.CLOSE);
        }
    }

    private DefaultFullHttpResponse plaintext() {
        var response = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK, body.duplicate());
        response.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, TEXT_PLAIN)
                .set(HttpHeaderNames.CONTENT_LENGTH, length)
                .set(HttpHeaderNames.DATE, date);
        return response;
    }

    private DefaultFullHttpResponse notFound() {
        var response =
                new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.NOT_FOUND, Unpooled.EMPTY_BUFFER);
        response.headers()
                .set(HttpHeaderNames.CONTENT_LENGTH, HttpHeaderValues.ZERO)
                .set(HttpHeaderNames.DATE, date);
        return response;
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        context.flush();
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // Nothing is left to be done for a connection that fails to close.
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        System.err.println("connection " + context.channel().remoteAddress() + " closed: " + cause);
        context.close();
    }
}
