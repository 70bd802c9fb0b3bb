package dev.thrum.web;

import static java.util.Objects.requireNonNull;

import dev.thrum.http.Http1;
import dev.thrum.http.Timeouts;
import dev.thrum.loop.Signal;
import dev.thrum.net.Socket;
import dev.thrum.promise.Promise;
import dev.thrum.promise.Resolver;
import dev.thrum.scope.Home;
import dev.thrum.scope.Key;
import dev.thrum.scope.Registration;
import dev.thrum.scope.Scope;
import dev.thrum.scope.Trace;
import dev.thrum.tls.Certificates;
import java.net.SocketAddress;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;

/// A version of an application on its sites.
final class RunningServer implements Server {
    /*
     * The version is one volatile field, which every loop reads for every request: whoever has seen an answer of the next
     * version never sees one of the former again, on whatever loop. The scope of the listeners and connections, which outlast
     * versions, knows the server and no version; nor does anything else, when the last request of a version is over.
     */
    static final Key<Server> CURRENT = Key.of("server");

    private static final Duration FOREVER = ChronoUnit.FOREVER.getDuration();

    private final Scope scope; // of connections
    private final Gate gate = new Gate();
    private final Load load = new Load();
    private final List<Tally> tallies; // one for each loop
    private final PluginsInUse plugins = new PluginsInUse(this);
    private final AtomicBoolean replacing = new AtomicBoolean();
    private final AtomicBoolean stopped = new AtomicBoolean();
    private final Set<Thread> retiring = ConcurrentHashMap.newKeySet(); // each waits for the end of a former version
    private final Object place = new Object();
    private volatile Version version; // written under place
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile Life life = Life.STARTING; // written under place
    private boolean listening; // guarded by place
    private final LongAdder lost = new LongAdder();
    private volatile Premises premises = Premises.NONE; // until all listen
    private final List<Registration> signals = new ArrayList<>(); // that it closes on; guarded by place

    private RunningServer(Snapshot app, int loops) {
        this.scope = Scope.current().with(CURRENT, this);
        this.tallies = new ArrayList<>(loops);
        for (int i = 0; i < loops; i++) {
            tallies.add(new Tally());
        }
        this.version = version(app);
        load.places(app.capacity().requests());
    }

    private Version version(Snapshot app) {
        return new Version(app, scope, gate, load, tallies, this::metrics);
    }

    static RunningServer start(Snapshot app, List<Listener> listeners) {
        int loops = 0;
        for (Listener listener : listeners) {
            loops += listener.loops();
        }
        RunningServer server = new RunningServer(app, loops);
        server.scope.run(() -> server.start(listeners));
        return server;
    }

    private void start(List<Listener> listeners) {
        Snapshot app = version.app();
        try {
            app.phases().begin();
            premises = Premises.open(this, listeners, this::unhandled);
        } catch (Throwable problem) {
            app.phases().end();
            throw problem;
        }
        if (closedMeanwhile()) {
            close(Drain.none());
            return;
        }
        try {
            plugins.start(app.plugins());
        } catch (Throwable problem) {
            close(Drain.none());
            throw problem;
        }
        version.budget().ifPresent(BudgetWatch::start);
        synchronized (place) {
            life = life == Life.STARTING ? Life.READY : life; // a plugin may have closed it
        }
    }

    /// {@return whether somebody has closed it before it listened} From now on whoever closes it does that himself.
    private boolean closedMeanwhile() {
        synchronized (place) {
            listening = true;
            return life == Life.CLOSING;
        }
    }

    // ---- for its sites

    /// {@return on what terms a loop serves its next request}
    /// @param loop its number
    Http1.Terms terms(int loop) {
        return version.terms(loop);
    }

    /// {@return how long connections may keep it waiting now}
    Timeouts timeouts() {
        return version.app().timeouts();
    }

    /// Something failed on one of its loops, and nobody else has handled it: there is a request in work, or none.
    private void unhandled(Throwable problem) {
        String where = "nobody handled an error on " + Home.current() + Trace.subject(Scope.current());
        version.app().log().log(System.Logger.Level.ERROR, where, problem);
    }

    /// {@return whether there is room for a new connection} On its loop.
    boolean enter(Socket socket) {
        return gate.enter(socket.remote(), admission());
    }

    /// {@return whether there is room for a connection of which nobody knows yet whose it is}
    boolean enterUnknown() {
        return gate.enterUnknown(admission());
    }

    /// {@return whether there is room for one more of its client, which is known now}
    boolean known(Socket socket) {
        return gate.known(socket.remote(), admission());
    }

    private Admission admission() {
        return version.app().admission();
    }

    /// Hears of a connection that has entered and is about to speak HTTP, on its loop. Then HTTP tells of its end.
    void connected(Socket socket) {
        version.connected(socket);
    }

    /// Hears of a connection that has entered and will not speak HTTP.
    void lost(Socket socket) {
        gate.leave(socket.remote());
        lost.increment();
    }

    /// Hears of a connection that has left before anybody knew whose it was.
    void lostUnknown() {
        gate.leaveUnknown();
        lost.increment();
    }

    // ---- replacing

    @Override
    public Promise<Server> replace(WebApp app) {
        checkThread("replace");
        if (!replacing.compareAndSet(false, true)) {
            throw new IllegalStateException("another application is just being put in the place of " + name());
        }
        try {
            Version next = version(app.snapshot());
            return retire(scope.call(() -> putInPlace(next)));
        } finally {
            replacing.set(false);
        }
    }

    /// {@return the former version}
    private Version putInPlace(Version next) {
        Snapshot app = next.app();
        boolean started = false;
        try {
            app.phases().begin();
            started = true;
            plugins.start(app.plugins());
            Version former = swap(next);
            next.budget().ifPresent(BudgetWatch::start);
            return former;
        } catch (Throwable problem) {
            if (started) {
                plugins.stop(app.plugins());
            }
            app.phases().end();
            throw problem;
        }
    }

    private Version swap(Version next) {
        synchronized (place) {
            if (life != Life.READY) {
                throw new IllegalStateException(this + " is " + life.name().toLowerCase(Locale.ROOT) + ": it takes no other application");
            }
            Version former = version;
            version = next;
            load.places(next.app().capacity().requests());
            return former;
        }
    }

    private Promise<Server> retire(Version former) {
        Resolver<Server> retired = Resolver.create();
        Thread thread = Thread.ofVirtual().name(former.app().name() + " retiring").unstarted(() -> {
            premises.sites().forEach(Site::pass);
            end(former);
            retiring.remove(Thread.currentThread());
            retired.resolve(this);
        });
        retiring.add(thread);
        thread.start();
        return retired.promise();
    }

    /// Ends a version that no loop can begin a request for any more.
    private void end(Version former) {
        former.budget().ifPresent(BudgetWatch::close);
        former.leave();
        former.awaitEnd();
        scope.run(() -> {
            plugins.stop(former.app().plugins());
            former.app().phases().end();
        });
    }

    // ---- closing

    @Override
    public void close() {
        close(Drain.standard());
    }

    @Override
    public void close(Duration grace) {
        close(grace.isZero() ? Drain.none() : Drain.standard().withGrace(grace));
    }

    @Override
    public void close(Drain drain) {
        requireNonNull(drain, "drain");
        checkThread("close");
        synchronized (place) {
            life = life == Life.CLOSED ? Life.CLOSED : Life.CLOSING;
            if (!listening) {
                return; // whoever starts it will see
            }
        }
        new Closing(name(), logger(), premises.doors(), premises.sites(), drain).run();
        if (stopped.compareAndSet(false, true)) {
            end(version);
            retiring.forEach(RunningServer::join);
            premises.leave();
            synchronized (place) {
                life = Life.CLOSED;
                signals.forEach(Registration::close);
            }
            closed.countDown();
        }
    }

    @Override
    public void closeOn(Signal signal, Drain drain) {
        requireNonNull(signal, "signal");
        requireNonNull(drain, "drain");
        checkThread("closeOn");
        AtomicBoolean again = new AtomicBoolean();
        synchronized (place) {
            if (life == Life.CLOSED) {
                throw new IllegalStateException(this + " is closed: it waits for no signal");
            }
            signals.add(signal.onRaised(() -> scope.run(() -> close(again.getAndSet(true) ? Drain.none() : drain))));
        }
    }

    private static void join(Thread thread) {
        boolean interrupted = false;
        while (thread.isAlive() && thread != Thread.currentThread()) { // else a plugin closes from within its end
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void join() throws InterruptedException {
        checkThread("join");
        for (Site site : premises.sites()) {
            site.loop().awaitEnd(FOREVER);
        }
        if (life == Life.CLOSING) {
            closed.await();
        }
    }

    private void checkThread(String what) {
        for (Site site : premises.sites()) {
            if (site.loop().isHere()) {
                throw new WrongThreadException(
                        what + "() waits for the loop it was called from: " + site.loop().name());
            }
        }
    }

    // ---- what it is

    @Override
    public String name() {
        return version.app().name();
    }

    @Override
    public List<Share> shares() {
        return premises.sites().stream().map(Site::share).toList();
    }

    @Override
    public Life life() {
        return life;
    }

    @Override
    public List<Integer> ports() {
        return Door.ports(premises.addresses());
    }

    @Override
    public List<SocketAddress> addresses() {
        return premises.addresses();
    }

    @Override
    public List<Certificates> certificates() {
        return premises.certificates();
    }

    @Override
    public long lost() {
        return lost.sum();
    }

    @Override
    public Metrics metrics() {
        return Metrics.of(tallies.stream(), load, gate.turnedAway());
    }

    @Override
    public Optional<ErrorBudget.Spending> errorBudget() {
        return version.budget().map(BudgetWatch::last);
    }

    @Override
    public System.Logger logger() {
        return version.app().log();
    }

    @Override
    public long turnedAway() {
        return gate.turnedAway();
    }

    @Override
    public long shed() {
        return load.shed();
    }

    @Override
    public boolean isRunning() {
        return premises.sites().stream().anyMatch(Site::isRunning);
    }

    @Override
    public String toString() {
        return name() + " on " + ports();
    }
}
