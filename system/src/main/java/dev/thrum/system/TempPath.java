package dev.thrum.system;

import dev.thrum.promise.Promise;
import dev.thrum.promise.Resolver;
import dev.thrum.scope.Home;
import dev.thrum.scope.Registration;
import dev.thrum.scope.Scope;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;

/// A file or directory that goes away: made by [Disk#tempFile] and [Disk#tempDirectory].
///
/// Its name cannot be guessed, and only its owner may use it (modes 0600 and 0700). It is removed, with everything inside,
/// by [#remove], when the scope it was made under is cancelled, and when the JVM ends in good order.
///
/// **Threads.** Any thread may call anything; nothing blocks.
/// **Failure.** What cannot be removed after a cancellation is reported to the root home.
public final class TempPath {
    private static final Set<TempPath> LEFT = ConcurrentHashMap.newKeySet();

    private final Lane lane;
    private final Path path;
    private Registration cancellation = Registration.none(); // written before anybody else knows this path

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> LEFT.forEach(TempPath::removeNow), "thrum-temp"));
    }

    private TempPath(Lane lane, Path path) {
        this.lane = lane;
        this.path = path;
    }

    /// Takes over a path, until the current scope is cancelled.
    static TempPath of(Lane lane, Path path) {
        var temp = new TempPath(lane, path);
        LEFT.add(temp);
        Registration cancellation = Scope.current().onCancel(reason -> temp.away(temp::removeNow));
        temp.cancellation = cancellation;
        return temp;
    }

    /// {@return where it is}
    public Path path() {
        return path;
    }

    /// Removes it, with everything inside; links are removed, not followed. A path that has been moved away, or removed
    /// already, is no error.
    /// @return the path, at the home of the caller. Rejected with the [IOException] of what could not be removed
    public Promise<Path> remove() {
        cancellation.close();
        Resolver<Path> resolver = Resolver.holding();
        away(() -> {
            try {
                delete();
                resolver.resolve(path);
            } catch (IOException e) {
                resolver.reject(e);
            }
        });
        return resolver.promise();
    }

    private void away(Runnable removal) {
        try {
            lane.proceed(removal);
        } catch (RejectedExecutionException e) {
            removal.run(); // the lane is gone: better to wait than to leave it
        }
    }

    private void removeNow() {
        try {
            delete();
        } catch (IOException e) {
            Home.root().report(e, Scope.current());
        }
    }

    private void delete() throws IOException {
        Trees.deleteIfExists(path);
        LEFT.remove(this);
    }

    @Override
    public String toString() {
        return "temporary " + path;
    }
}
