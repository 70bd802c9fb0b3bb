package dev.thrum.system;

import dev.thrum.scope.Home;
import dev.thrum.scope.Registration;
import dev.thrum.scope.Scope;
import dev.thrum.system.Change.Kind;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/// A directory or a file that is watched: made by [FileWatches#watch].
///
/// It keeps the home it was made at alive until it is closed, unless it is [unreferenced][#unref]. It is closed by [#close], when
/// the scope it was made under is cancelled, when that home has ended, and when what it watches is [gone][Change.Kind#GONE].
///
/// **Threads.** Any thread may call anything; nothing blocks.
/// **Failure.** What the callback throws is reported to the home; the watch goes on.
///
/// The counterpart of cl-async's monitor of `fs-watch`.
public final class FileWatch implements AutoCloseable {
    private static final int MOST = 10_000;

    private final FileWatches watches;
    private final Path path;
    private final Duration window;
    private final Consumer<? super List<Change>> onChanges;
    private final Scope scope = Scope.current();
    private final Home home = scope.home();
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Path, Kind> noted = new LinkedHashMap<>(); // guarded by lock
    private boolean delivering; // guarded by lock: the home has been asked to deliver
    private boolean closed; // guarded by lock
    private Registration hold = Registration.none(); // written before anybody else knows this watch
    private Registration cancellation = Registration.none(); // likewise
    private Registration homesEnd = Registration.none(); // likewise

    /// Made by the caller; see [#open].
    FileWatch(FileWatches watches, Path path, Duration window, Consumer<? super List<Change>> onChanges) {
        this.watches = watches;
        this.path = path;
        this.window = window;
        this.onChanges = onChanges;
    }

    /// {@return the path it was made for}
    public Path path() {
        return path;
    }

    /// {@return whether it is not closed}
    public boolean isOpen() {
        lock.lock();
        try {
            return !closed;
        } finally {
            lock.unlock();
        }
    }

    /// Lets the home it was made at end although this is open.
    /// @return this watch
    public FileWatch unref() {
        hold.close();
        return this;
    }

    /// Ends it (cl-async's `fs-unwatch` and `fs-monitor-close`): its callback does not begin any more, and what has been noted
    /// is dropped. Closing twice does nothing.
    @Override
    public void close() {
        lock.lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
            noted.clear();
        } finally {
            lock.unlock();
        }
        hold.close();
        cancellation.close();
        homesEnd.close();
        watches.forget(this);
    }

    // ---- from those who watch

    /// Begins its life, before anything can be noted.
    void open() {
        hold = home.hold();
        homesEnd = Ends.on(home, this::close);
        Registration registration = scope.onCancel(reason -> close());
        cancellation = registration;
    }

    /// Something has happened.
    void note(Kind kind, Path where) {
        lock.lock();
        try {
            if (closed) {
                return;
            }
            if (kind == Kind.OVERFLOW || noted.size() == MOST) {
                noted.clear();
                noted.put(path, Kind.OVERFLOW);
            } else if (kind == Kind.GONE) {
                noted.remove(path);
                noted.put(path, kind); // behind all others
            } else {
                noted.merge(where, kind, Change::together);
            }
            if (delivering) {
                return;
            }
            delivering = true;
        } finally {
            lock.unlock();
        }
        if (!home.post(() -> scope.run(this::deliverSoon))) {
            close();
        }
    }

    // ---- at home

    private void deliverSoon() {
        if (window.isZero()) {
            deliver();
        } else {
            home.schedule(window, this::deliver);
        }
    }

    private void deliver() {
        List<Change> changes = take();
        if (changes.isEmpty()) {
            return;
        }
        try {
            onChanges.accept(changes);
        } catch (Throwable problem) {
            home.report(problem, scope);
        }
        if (changes.getLast().kind() == Kind.GONE) {
            close();
        }
    }

    private List<Change> take() {
        lock.lock();
        try {
            var changes = new ArrayList<Change>(noted.size());
            noted.forEach((where, kind) -> changes.add(new Change(kind, where)));
            noted.clear();
            delivering = false;
            return List.copyOf(changes);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public String toString() {
        return "watch of " + path;
    }
}
