package dev.thrum.verify.bench.server;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.LongAdder;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.pathmap.PathSpec;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.PathMappingsHandler;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/// Jetty without servlets: one acceptor, one selector, its own mapping of paths, handlers that do not block.
public final class JettyServer {
    private static final int THREADS = 8; // it takes turns among a few, and starts with no fewer

    private JettyServer() {}

    /// Serves until the process ends.
    /// @param arguments port and number of routes
    /// @throws Exception if it cannot start
    public static void main(String[] arguments) throws Exception {
        Hello hello = Hello.parse(arguments);
        Server server = new Server(new QueuedThreadPool(THREADS));
        var config = new HttpConfiguration();
        config.setSendServerVersion(false);
        config.setSendDateHeader(true);
        var connector = new ServerConnector(server, 1, 1, new HttpConnectionFactory(config));
        connector.setHost(Hello.HOST);
        connector.setPort(hello.port());
        connector.setAcceptQueueSize(Hello.BACKLOG);
        server.addConnector(connector);
        server.setHandler(new Counted(routes(hello)));
        server.start();
        server.join();
    }

    private static Handler routes(Hello hello) {
        var routes = new PathMappingsHandler();
        hello.paths().forEach(path -> routes.addMapping(PathSpec.from(path), new Plaintext()));
        return routes;
    }

    /// The hook, in front of the routes.
    private static final class Counted extends Handler.Wrapper {
        private final LongAdder requests = new LongAdder();

        Counted(Handler next) {
            super(next);
        }

        @Override
        public boolean handle(Request request, Response response, Callback callback) throws Exception {
            requests.increment();
            return super.handle(request, response, callback);
        }
    }

    private static final class Plaintext extends Handler.Abstract.NonBlocking {
        private final byte[] body = Hello.body();

        @Override
        public boolean handle(Request request, Response response, Callback callback) {
            response.getHeaders().put(HttpHeader.CONTENT_TYPE, "text/plain");
            response.getHeaders().put(HttpHeader.CONTENT_LENGTH, body.length);
            response.write(true, ByteBuffer.wrap(body), callback);
            return true;
        }
    }
}
