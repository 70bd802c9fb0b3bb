package dev.thrum.http;

import static java.util.Objects.requireNonNull;

import dev.thrum.net.Socket;
import dev.thrum.promise.Promise;
import dev.thrum.promise.Resolver;
import dev.thrum.scope.Key;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.io.InputStream;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A request as HTTP/1.1 brings it.
final class Http1Request implements Request, Headers {
    /*
     * While the service runs, `head` is the parser's own, which the next request will overwrite. When the service has
     * returned, the connection replaces it by a copy, or by null if the request was answered. Another thread that reads
     * in between works like the reader of a sequence lock: it looks at `head` again when it has read, and if the head was
     * replaced meanwhile throws the result away, whatever it was. The parser's head is not touched before the
     * replacement is visible.
     */

    private static final VarHandle HEAD;

    static {
        try {
            HEAD = MethodHandles.lookup().findVarHandle(Http1Request.class, "head", Head.class);
        } catch (ReflectiveOperationException impossible) {
            throw new ExceptionInInitializerError(impossible);
        }
    }

    private final Http1Exchange exchange;
    private final Method method;
    private final String path;
    private @Nullable Head head; // release by the loop, acquire by readers
    private @Nullable RequestBody body; // null: none, or not to be had any more
    private Parameters parameters = Parameters.NONE;
    private @Nullable Map<Key<?>, Object> data;

    Http1Request(Http1Exchange exchange, Head head) {
        this.exchange = exchange;
        this.method = head.method;
        this.path = head.path;
        this.head = head;
    }

    /// A request that could not be read, to be answered with a problem.
    Http1Request(Http1Exchange exchange) {
        this.exchange = exchange;
        this.method = Method.GET;
        this.path = "/";
    }

    void body(RequestBody body) {
        this.body = body;
    }

    void parameters(Parameters parameters) {
        this.parameters = parameters;
    }

    /// Lets go of the parser's head: takes a copy, or none.
    void leaveParser(boolean over) {
        Head copy = over || head == null ? null : head.copy();
        HEAD.setRelease(this, copy);
        VarHandle.storeStoreFence();
    }

    <R> R read(Function<Head, R> reader) {
        while (true) {
            Head current = (Head) HEAD.getAcquire(this);
            if (current == null) {
                throw new IllegalStateException(
                        "the head is gone: the request was answered before its service returned; read it before");
            }
            R result = null;
            RuntimeException problem = null;
            try {
                result = reader.apply(current);
            } catch (RuntimeException torn) {
                problem = torn;
            }
            VarHandle.loadLoadFence();
            if (HEAD.getOpaque(this) == current) {
                if (problem != null) {
                    throw problem;
                }
                return requireNonNull(result);
            }
        }
    }

    @Override
    public Method method() {
        return method;
    }

    @Override
    public String path() {
        return path;
    }

    @Override
    public Optional<String> query() {
        return read(Head::query);
    }

    @Override
    public String host() {
        return read(Head::host);
    }

    @Override
    public Optional<String> header(String name) {
        requireNonNull(name, "name");
        return read(current -> current.first(name));
    }

    @Override
    public Headers headers() {
        return this;
    }

    @Override
    public void onFinished(Runnable action) {
        requireNonNull(action, "action");
        exchange.onFinished(over -> action.run());
    }

    @Override
    public SocketAddress remote() {
        return exchange.connection.remote();
    }

    @Override
    public Socket socket() {
        return exchange.connection.socket;
    }

    // ---- as Headers

    @Override
    public Optional<String> first(String name) {
        return header(name);
    }

    @Override
    public List<String> all(String name) {
        requireNonNull(name, "name");
        return read(current -> current.all(name));
    }

    @Override
    public boolean has(String name) {
        requireNonNull(name, "name");
        return read(current -> current.has(name));
    }

    @Override
    public int size() {
        return read(Head::size);
    }

    @Override
    public void forEach(BiConsumer<? super String, ? super String> action) {
        record Field(String name, String value) {}
        List<Field> fields = read(current -> {
            var all = new ArrayList<Field>(current.size());
            current.forEach((name, value) -> all.add(new Field(name, value)));
            return all;
        });
        fields.forEach(field -> action.accept(field.name, field.value));
    }

    // ---- the body

    @Override
    public Promise<byte[]> bytes() {
        var collector = new BodyCollector(exchange);
        return flow(collector, exchange.connection.limits().body()).map(count -> collector.bytes());
    }

    @Override
    public Promise<String> text() {
        String type = header("Content-Type").orElse("");
        return bytes().map(bytes -> BodyCollector.text(bytes, type));
    }

    @Override
    public Promise<Long> stream(BodySink sink) {
        return flow(requireNonNull(sink, "sink"), exchange.connection.limits().upload());
    }

    @Override
    public InputStream input() {
        if (exchange.connection.isHere()) {
            throw new WrongThreadException("input() is for threads that may block; the loop takes bytes(), text() or stream()");
        }
        var input = new BodyInput();
        stream(input)
                .tap(count -> input.end(null))
                .recover(Throwable.class, problem -> {
                    input.end(problem);
                    return 0L;
                });
        return input;
    }

    @Override
    public void decode(BodyDecoder decoder) {
        exchange.decode(requireNonNull(decoder, "decoder"));
    }

    private Promise<Long> flow(BodySink sink, long limit) {
        BodyDecoder decodes = exchange.decoder();
        if (decodes == null) {
            return flowAsSent(sink, limit);
        }
        var counted = new LimitedSink(sink, limit, limit == exchange.connection.limits().body() ? "body" : "upload");
        return flowAsSent(piece -> decodes.take(piece, counted), limit)
                .then(count -> count == 0 ? Promise.of(0L) : decodes.end(counted).map(done -> counted.count()));
    }

    private Promise<Long> flowAsSent(BodySink sink, long limit) {
        BodyWatcher sees = exchange.watcher();
        if (sees == null) {
            return flowUnseen(sink, limit);
        }
        return flowUnseen(piece -> watched(sees, sink, piece), limit)
                .then(count -> sees.complete(count).map(done -> count));
    }

    private static Promise<?> watched(BodyWatcher sees, BodySink sink, ByteBuffer piece) {
        Promise<?> seen = sees.piece(piece.duplicate());
        Promise<?> taken = sink.take(piece);
        return seen.state() instanceof Promise.Fulfilled<?> ? taken : seen.then(done -> taken);
    }

    private Promise<Long> flowUnseen(BodySink sink, long limit) {
        RequestBody source = body;
        if (source == null) {
            return Promise.of(0L);
        }
        Resolver<Long> end = Resolver.create();
        if (exchange.connection.isHere()) {
            source.want(sink, limit, end);
        } else {
            exchange.connection.onLoop(() -> wantOrReject(source, sink, limit, end));
        }
        return end.promise();
    }

    private static void wantOrReject(RequestBody source, BodySink sink, long limit, Resolver<Long> end) {
        try {
            source.want(sink, limit, end);
        } catch (IllegalStateException twice) {
            end.reject(twice);
        }
    }

    // ---- what others add

    @Override
    public String path(String name) {
        return parameter(name);
    }

    @Override
    public int pathInt(String name) {
        try {
            return Integer.parseInt(parameter(name));
        } catch (NumberFormatException e) {
            throw new HttpException(404, "path parameter " + name + " must be an int", e);
        }
    }

    @Override
    public long pathLong(String name) {
        try {
            return Long.parseLong(parameter(name));
        } catch (NumberFormatException e) {
            throw new HttpException(404, "path parameter " + name + " must be a long", e);
        }
    }

    private String parameter(String name) {
        requireNonNull(name, "name");
        return parameters
                .get(name)
                .orElseThrow(() -> new IllegalArgumentException(
                        "the route has no parameter \"" + name + "\"; it has " + parameters.names()));
    }

    @Override
    public Parameters parameters() {
        return parameters;
    }

    @Override
    @SuppressWarnings("unchecked") // put() takes the two together
    public <T> Optional<T> get(Key<T> key) {
        requireNonNull(key, "key");
        return data == null ? Optional.empty() : Optional.ofNullable((T) data.get(key));
    }

    @Override
    public <T> void put(Key<T> key, T value) {
        requireNonNull(key, "key");
        requireNonNull(value, "value");
        if (data == null) {
            data = new HashMap<>(4);
        }
        data.put(key, value);
    }

    @Override
    public String toString() {
        return method + " " + path;
    }
}
