package dev.thrum.http;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The exchanges of one connection that are not over, in the order of their requests. Loop thread only.
final class ExchangeLine {
    private @Nullable Http1Exchange first; // the oldest: its answer goes out next
    private @Nullable Http1Exchange last;
    private int size;

    boolean isEmpty() {
        return first == null;
    }

    int size() {
        return size;
    }

    @Nullable Http1Exchange first() {
        return first;
    }

    @Nullable Http1Exchange last() {
        return last;
    }

    void add(Http1Exchange exchange) {
        if (last == null) {
            first = exchange;
        } else {
            last.next = exchange;
        }
        last = exchange;
        size++;
    }

    /// {@return the first one, which leaves the line, if it is done; else null}
    @Nullable Http1Exchange removeDone() {
        Http1Exchange done = first;
        if (done == null || !done.isDone()) {
            return null;
        }
        first = done.next;
        if (first == null) {
            last = null;
        }
        size--;
        return done;
    }

    /// {@return whether `request` may be worked on beside those in line: all of them are safe (RFC 9112 §9.3.2)}
    boolean admits(Method method) {
        return first == null || (method.isSafe() && first.request().method().isSafe());
    }

    void abortAll(Throwable why) {
        Http1Exchange each = first;
        first = null;
        last = null;
        size = 0;
        for (; each != null; each = each.next) {
            each.abort(why);
        }
    }

    /// Aborts the last one, which leaves the line, unless it is done.
    void abortLastUndone(Throwable why) {
        Http1Exchange lost = last;
        if (lost == null || lost.isDone()) {
            return;
        }
        Http1Exchange before = null;
        for (Http1Exchange each = first; each != null && each != lost; each = each.next) {
            before = each;
        }
        last = before;
        if (before == null) {
            first = null;
        } else {
            before.next = null;
        }
        size--;
        lost.abort(why);
    }

    /// Cancels the work on all of them, and answers `problem` where it can.
    void cancel(HttpException problem) {
        for (Http1Exchange each = first; each != null; each = each.next) {
            if (!each.isAnswered()) {
                each.cancel(problem);
            }
        }
    }

    void forEach(Consumer<? super Exchange> action) {
        for (Http1Exchange each = first; each != null; each = each.next) {
            action.accept(each);
        }
    }

    /// Gives up on those whose service has not answered for `limit` nanoseconds, or cannot answer any more.
    void expire(long now, long limit) {
        for (Http1Exchange each = first; each != null; each = each.next) {
            if (each.isLost()) {
                each.giveUp();
            } else if (each.isWaiting() && now - each.since >= limit) {
                each.expire();
            }
        }
    }
}
