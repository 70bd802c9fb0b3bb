package dev.thrum.http;

/// Watches whether a client takes what waits to be sent to it.
final class WriteStall {
    private long pending = Long.MAX_VALUE;
    private long since;

    /// {@return whether nothing was taken for `limit` nanoseconds}
    boolean lasts(long nowPending, long now, long limit) {
        if (nowPending != pending) {
            pending = nowPending;
            since = now;
        }
        return now - since >= limit;
    }
}
