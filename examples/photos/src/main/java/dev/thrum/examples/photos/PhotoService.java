package dev.thrum.examples.photos;

import static java.util.Objects.requireNonNull;

import dev.thrum.kernel.Kernel;
import dev.thrum.kernel.KernelConfig;
import dev.thrum.loop.Signal;
import dev.thrum.plugins.AccessLog;
import dev.thrum.web.Drain;
import dev.thrum.web.Listener;
import dev.thrum.web.Server;
import dev.thrum.web.WebApp;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;

/// The running service: four loops that answer, a kernel for what burns the processor, a kernel for what waits for the
/// disk, and the directory.
///
/// **Threads.** Any thread; [#close] and [#join] block.
final class PhotoService implements AutoCloseable {
    private static final int FILE_WORKERS = 2;
    private static final Duration GRACE = Duration.ofSeconds(30); // for requests in work
    private static final Duration PATIENCE = Duration.ofSeconds(2); // for what still runs when all requests are gone

    private final Server server;
    private final Parts parts;

    private PhotoService(Server server, Parts parts) {
        this.server = server;
        this.parts = parts;
    }

    /// What has been started, to be closed in the opposite order.
    private static final class Parts implements AutoCloseable {
        private final Deque<AutoCloseable> started = new ArrayDeque<>();

        <T extends AutoCloseable> T add(T part) {
            started.push(part);
            return part;
        }

        @Override
        public void close() {
            started.forEach(Parts::close);
        }

        private static void close(AutoCloseable part) {
            try {
                part.close();
            } catch (Exception e) {
                System.getLogger(PhotoService.class.getName()).log(System.Logger.Level.WARNING, "cannot close " + part, e);
            }
        }
    }

    /// {@return the service, listening on all its ports}
    /// @throws IOException if the directory cannot be used, or a port cannot be had; its message is one line for the user
    static PhotoService start(Options options) throws IOException {
        ImageIO.setUseCache(false);
        Parts parts = new Parts();
        try {
            PhotoStore store = parts.add(open(options.directory()));
            Gallery gallery = new Gallery();
            store.load().forEach(gallery::add);
            Kernel files = parts.add(kernel("files", FILE_WORKERS, config -> config));
            Kernel jobs = parts.add(kernel("jobs", options.workers(), config ->
                    config.withBinding(Scratch.OF_WORKER, Scratch::new).withContext(PhotoService::behindTheLoops)));
            WebApp app = PhotoApp.create(store, gallery, files, jobs);
            options.accessLog().map(AccessLog::to).ifPresent(app::install);
            Server server = parts.add(app.start(listeners(options.port())));
            return new PhotoService(server, parts);
        } catch (UncheckedIOException e) {
            parts.close();
            throw new IOException(requireNonNull(e.getCause()).getMessage(), e);
        } catch (Throwable problem) {
            parts.close();
            throw problem;
        }
    }

    private static PhotoStore open(Path directory) throws IOException {
        try {
            return PhotoStore.open(directory);
        } catch (FileAlreadyExistsException e) {
            throw unusable(directory, "it is no directory", e);
        } catch (AccessDeniedException e) {
            throw unusable(directory, "permission denied", e);
        } catch (FileSystemException e) {
            throw unusable(directory, e.getReason() == null ? e.toString() : e.getReason(), e);
        }
    }

    private static IOException unusable(Path directory, String reason, IOException cause) {
        return new IOException("cannot keep photos in " + directory + ": " + reason, cause);
    }

    private static Kernel kernel(String name, int workers, UnaryOperator<KernelConfig> more) {
        return Kernel.start(workers, config -> more.apply(config.withName(name).withKillTimeout(PATIENCE)));
    }

    /// Has the system run a worker when the loops have nothing to do, where the JVM passes priorities on (`./thrum demo`
    /// has it do so).
    @SuppressWarnings("ThreadPriorityCheck") // nothing relies on it, but answers come sooner
    private static void behindTheLoops(Runnable life) {
        Thread.currentThread().setPriority(Thread.MIN_PRIORITY);
        life.run();
    }

    private static Listener[] listeners(int first) {
        return IntStream.range(0, Options.PORTS)
                .mapToObj(i -> Listener.http(first == 0 ? 0 : first + i))
                .toArray(Listener[]::new);
    }

    List<Integer> ports() {
        return server.ports();
    }

    /// Lets the server come to its end, step by step, when the process gets a signal to end.
    void closeOnSignals() {
        Drain drain = Drain.standard().withGrace(GRACE);
        List.of(Signal.TERM, Signal.INT, Signal.HUP).forEach(signal -> server.closeOn(signal, drain));
    }

    /// Waits until the server has come to its end.
    void join() throws InterruptedException {
        server.join();
    }

    /// Lets the requests in work finish for some seconds, kills what then still runs, and leaves the directory.
    @Override
    public void close() {
        parts.close();
    }
}
