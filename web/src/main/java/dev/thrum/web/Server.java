package dev.thrum.web;

import dev.thrum.loop.Signal;
import dev.thrum.promise.Promise;
import dev.thrum.scope.Scope;
import dev.thrum.tls.Certificates;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// A running application: an immutable snapshot of a [WebApp], answering on its listeners until it is closed, or until
/// another one takes its place there.
///
/// **Threads.** Any thread but those of its own loops.
public sealed interface Server extends AutoCloseable permits RunningServer {

    /// What becomes of a server, in this order.
    enum Life {
        /// It may listen already, but its plugins have not all heard of it.
        STARTING,
        /// Requests are welcome.
        READY,
        /// It is coming to its end: [#close(Drain)].
        CLOSING,
        /// It has ended.
        CLOSED
    }

    /// What one loop of a server has of its connections.
    /// @param loop the name of the loop
    /// @param port where it listens; the first one, if it has several
    /// @param accepted how many connections it has accepted so far
    record Share(String loop, int port, long accepted) {}

    /// {@return the server whose request is in work here: in handlers, in hooks, and in the tasks that they submit} The current
    /// application of Wookie's `*state*`.
    static Optional<Server> current() {
        return Scope.current().get(RunningServer.CURRENT);
    }

    /// {@return the name of the application that answers now}
    String name();

    /// {@return the ports it listens on, in the order of the listeners and their hosts; where port 0 was asked for, the one it
    /// became}
    List<Integer> ports();

    /// {@return all that it listens at, in the order of the listeners and their hosts}
    List<SocketAddress> addresses();

    /// {@return the certificates that its listeners have, each once: they tell their generation, and when they expire}
    List<Certificates> certificates();

    /// {@return how the connections have been spread over the loops, in the order of the listeners} A moment old.
    List<Share> shares();

    /// {@return how far it is}
    Life life();

    /// {@return whether one of its loops still runs}
    boolean isRunning();

    /// {@return what it has answered, and what it has to do now}
    Metrics metrics();

    /// {@return what the application that answers now has spent of its error budget, if it has one} As of the last look.
    Optional<ErrorBudget.Spending> errorBudget();

    /// {@return the log of the application that answers now, `dev.thrum.web.NAME`, without lines below [WebApp#logLevel]} What its
    /// handlers do not catch, and what nobody else handles on its loops, is there, too. A format takes its parameters as
    /// [System.Logger] does.
    System.Logger logger();

    /// {@return how many connections were closed at once, since there were too many: [Admission]}
    long turnedAway();

    /// {@return how many connections were accepted and ended before they could speak HTTP, by a handshake that failed, or without
    /// a word}
    long lost();

    /// {@return how many requests were refused, since there was no room for them: [Capacity]}
    long shed();

    /// Puts a snapshot of another application in the place of the one that answers now. Listeners and connections stay open.
    /// A request whose head is complete afterwards, on whatever loop, is answered by the new one; one that is in work is finished
    /// by the old one, and so are its hooks. Then the plugins of the old one hear that it has stopped, but for those that the
    /// new one has, too, and its last phases run.
    ///
    /// Before, the new one does what [WebApp#onStart] has asked for, and its plugins hear of the start. If anything of that
    /// fails, it is undone, and the old one goes on as if nothing had been.
    ///
    /// Blocks while these run, and for nothing else; two threads cannot do this to one server at once. Hooks of [Event.Connected] and
    /// [Event.Disconnected] are those of the application at that moment: a connection that one has seen open may be closed for
    /// another. Admission and timeouts count for open connections, too.
    /// @param app the application; what is changed there afterwards touches nothing here
    /// @return fulfilled when the old one has given its last answer, its plugins have heard, and its last phases are over: nothing
    ///     here refers to it any more
    /// @throws IllegalStateException if a phase of [WebApp#onStart] fails, if another replacement is in work, or if the server is
    ///     closed
    /// @throws RuntimeException what a plugin throws from [Plugin#started]
    /// @throws WrongThreadException if called from one of its own loops, which phases and plugins may block
    Promise<Server> replace(WebApp app);

    /// Comes to an end, step by step, as `drain` says. Blocks until it is there: its loops have ended, its plugins have heard, and
    /// its last phases are over. An interrupt cuts it short, and so does another call that is less patient. Closing twice is
    /// harmless; the second call does not wait for plugins and phases. One that comes before it listens, from a phase of its start, returns at
    /// once: the server then ends as soon as it listens.
    /// @param drain how long each step may take
    /// @throws WrongThreadException if called from one of its own loops, which would wait for itself
    void close(Drain drain);

    /// Closes as [Drain#standard] says, but with another grace.
    /// @param grace how long requests may take to finish; zero cuts everything off: [Drain#none]
    /// @throws IllegalArgumentException if `grace` is negative, or longer than 3,650 days
    /// @throws WrongThreadException if called from one of its own loops
    void close(Duration grace);

    /// Closes as [Drain#standard] says, with a grace of five seconds.
    @Override
    void close();

    /// Closes it, on a thread of its own, when the process gets a signal; if the signal comes again, everything is cut off.
    ///
    /// ```java
    /// server.closeOn(Signal.TERM, Drain.standard().withGrace(Duration.ofSeconds(30)));
    /// server.join(); // and then main returns, and the process ends
    /// ```
    ///
    /// Until it is closed, the signal does not end the process by itself: whoever waits for [#join] does. It is heard even if all
    /// loops are stuck.
    /// @param signal which one, such as [Signal#TERM]
    /// @param drain how long each step may take
    /// @throws IllegalStateException if the system keeps the signal for itself, or the server is closed
    /// @throws WrongThreadException if called from one of its own loops
    void closeOn(Signal signal, Drain drain);

    /// Waits until somebody has closed it, and its plugins and last phases are through with it.
    /// @throws InterruptedException if the caller is interrupted while it waits
    /// @throws WrongThreadException if called from one of its own loops
    void join() throws InterruptedException;
}
