package dev.thrum.system;

import static java.nio.file.StandardWatchEventKinds.ENTRY_CREATE;
import static java.nio.file.StandardWatchEventKinds.ENTRY_DELETE;
import static java.nio.file.StandardWatchEventKinds.ENTRY_MODIFY;
import static java.util.Objects.requireNonNull;

import dev.thrum.promise.Promise;
import dev.thrum.scope.Home;
import dev.thrum.scope.Scope;
import dev.thrum.system.Change.Kind;
import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Watches directories and files, and tells at home what has changed.
///
/// ```java
/// FileWatches.shared().watch(certificate, Duration.ofMillis(100), changes -> reload());
/// ```
///
/// All watches share one watch service of the JDK and one daemon thread, which are there as long as one of them is open.
///
/// **Threads.** Any thread may call anything; nothing blocks. Changes are gathered, and told together at the home of whoever
/// made the watch; where that is the root, on the thread that all watches share.
public final class FileWatches {
    private static final WatchEvent.Kind<?>[] EVENTS = {ENTRY_CREATE, ENTRY_MODIFY, ENTRY_DELETE};

    private final Lane lane = Lane.start("watch-set-up", 1, 10_000);
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<WatchKey, List<Watched>> watched = new HashMap<>(); // guarded by lock
    private @Nullable WatchService service; // guarded by lock: null while nothing is watched

    private static final class Shared {
        static final FileWatches WATCHES = new FileWatches();
    }

    private FileWatches() {}

    /// {@return those of this process}
    public static FileWatches shared() {
        return Shared.WATCHES;
    }

    /// {@return watches with a watch service and a thread of their own}
    public static FileWatches create() {
        return new FileWatches();
    }

    /// Watches a directory or a file; see [#watch(Path, Duration, Consumer)]. Changes are told as they come.
    /// @param path the directory or file
    /// @param onChanges gets the changes
    /// @return the watch
    public Promise<FileWatch> watch(Path path, Consumer<? super List<Change>> onChanges) {
        return watch(path, Duration.ZERO, onChanges);
    }

    /// Watches a directory or a file (cl-async's `fs-watch`).
    ///
    /// Of a **directory** it tells which entries come, change and go; not what happens in directories below. A **file** is
    /// watched by its name: it may be deleted and come back, be replaced by another, or be a link that comes to point
    /// elsewhere, by a link in its own directory.
    /// @param path the directory or file; must exist
    /// @param window how long changes are gathered, from the first on, so that one callback tells all of them, each path
    ///     once; zero for no longer than the home is busy
    /// @param onChanges gets the changes, at least one, under the scope and at the home of the caller of this method
    /// @return the watch, at the home of the caller, once it sees what happens from now on. Rejected with a
    ///     [java.nio.file.NoSuchFileException] if there is nothing to watch; with another [IOException] if the system cannot
    ///     watch it, or no more of them
    /// @throws IllegalArgumentException if `window` is negative
    public Promise<FileWatch> watch(Path path, Duration window, Consumer<? super List<Change>> onChanges) {
        requireNonNull(path, "path");
        requireNonNull(onChanges, "onChanges");
        if (window.isNegative()) {
            throw new IllegalArgumentException("window must not be negative: " + window);
        }
        var watch = new FileWatch(this, path, window, onChanges);
        return lane.submit(
                Problems.naming(path, () -> {
                    begin(watch);
                    return watch;
                }),
                FileWatch::close,
                () -> {});
    }

    // ---- on the lane

    private void begin(FileWatch watch) throws IOException {
        boolean directory = FileInfo.of(watch.path()).isDirectory();
        Path parent = directory ? watch.path() : requireNonNull(watch.path().toAbsolutePath().getParent());
        watch.open();
        lock.lock();
        try {
            WatchKey key = parent.register(service(), EVENTS);
            watched.computeIfAbsent(key, some -> new ArrayList<>())
                    .add(directory ? new WatchedDirectory(watch) : new WatchedFile(watch));
        } catch (IOException | RuntimeException e) {
            watch.close();
            throw e;
        } finally {
            lock.unlock();
        }
    }

    private WatchService service() throws IOException {
        WatchService current = service;
        if (current == null) {
            current = FileSystems.getDefault().newWatchService();
            service = current;
            WatchService opened = current;
            Thread.ofPlatform().daemon().name("thrum-watch").start(() -> watchAll(opened));
        }
        return current;
    }

    /// A watch is closed.
    void forget(FileWatch watch) {
        try {
            lane.proceed(() -> remove(watch));
        } catch (RejectedExecutionException e) {
            throw new IllegalStateException("the lane of the watches is never closed", e);
        }
    }

    private void remove(FileWatch watch) {
        lock.lock();
        try {
            for (var entry : watched.entrySet()) {
                entry.getValue().removeIf(each -> each.watch() == watch);
                if (entry.getValue().isEmpty()) {
                    entry.getKey().cancel();
                }
            }
            watched.values().removeIf(List::isEmpty);
            closeIfIdle();
        } finally {
            lock.unlock();
        }
    }

    /// With the service its thread ends.
    private void closeIfIdle() {
        WatchService current = service;
        if (watched.isEmpty() && current != null) {
            service = null;
            try {
                current.close();
            } catch (IOException e) {
                Home.root().report(e, Scope.current());
            }
        }
    }

    // ---- on the thread of the watch service

    private void watchAll(WatchService opened) {
        try {
            for (; ; ) {
                tell(opened.take());
            }
        } catch (ClosedWatchServiceException | InterruptedException _) {
            // nothing is watched any more; nobody interrupts this thread but the JDK's own end
        }
    }

    private void tell(WatchKey key) {
        List<WatchEvent<?>> events = key.pollEvents();
        List<Watched> interested = interested(key);
        for (WatchEvent<?> event : events) {
            Path name = event.context() instanceof Path path ? path : null; // null after an overflow
            interested.forEach(each -> each.happened(event.kind(), name));
        }
        if (!key.reset()) {
            interested.forEach(each -> each.watch().note(Kind.GONE, each.watch().path()));
            drop(key);
        }
    }

    private List<Watched> interested(WatchKey key) {
        lock.lock();
        try {
            return List.copyOf(watched.getOrDefault(key, List.of()));
        } finally {
            lock.unlock();
        }
    }

    private void drop(WatchKey key) {
        lock.lock();
        try {
            watched.remove(key);
        } finally {
            lock.unlock();
        }
    }

    /// What a watch makes of the events of a directory.
    private sealed interface Watched {
        FileWatch watch();

        /// @param name of the entry; null if events were lost
        void happened(WatchEvent.Kind<?> kind, @Nullable Path name);
    }

    private record WatchedDirectory(FileWatch watch) implements Watched {
        @Override
        public void happened(WatchEvent.Kind<?> kind, @Nullable Path name) {
            if (name == null) {
                watch.note(Kind.OVERFLOW, watch.path());
            } else {
                watch.note(kindOf(kind), watch.path().resolve(name));
            }
        }

        private static Kind kindOf(WatchEvent.Kind<?> kind) {
            if (kind == ENTRY_CREATE) {
                return Kind.CREATED;
            }
            return kind == ENTRY_DELETE ? Kind.DELETED : Kind.MODIFIED;
        }
    }

    /// Events say what happens in the directory of the file; what has become of the file says the file.
    private static final class WatchedFile implements Watched {
        private final FileWatch watch;
        private @Nullable FileInfo known; // null while there is no such file; the watching thread's, after the first look

        WatchedFile(FileWatch watch) {
            this.watch = watch;
            this.known = look();
        }

        private @Nullable FileInfo look() {
            try {
                return FileInfo.of(watch.path());
            } catch (IOException e) {
                return null; // not there, or not for us: a reader finds out the same
            }
        }

        @Override
        public FileWatch watch() {
            return watch;
        }

        @Override
        public void happened(WatchEvent.Kind<?> kind, @Nullable Path name) {
            FileInfo before = known;
            FileInfo now = look();
            known = now;
            if (before == null && now == null) {
                return;
            }
            if (before == null) {
                watch.note(Kind.CREATED, watch.path());
            } else if (now == null) {
                watch.note(Kind.DELETED, watch.path());
            } else if (!now.equals(before) || name == null || name.equals(watch.path().getFileName())) {
                watch.note(Kind.MODIFIED, watch.path());
            }
        }
    }
}
