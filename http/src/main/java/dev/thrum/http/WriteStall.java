package dev.thrum.http;

/// Watches whether a client takes what is sent to it, at a fair pace: within a time so many bytes, or all that waited when the time
/// began. How much is pending does not tell: it may be the same at every look, while as much is taken as comes.
final class WriteStall {
    private final long pace; // bytes within the time, 1 at least
    private long handed; // bytes, with those that waited when this was made
    private long goal; // bytes that have to be taken until the time is over
    private long since;

    /// @param pending what waits already
    WriteStall(long pending, long pace, long now) {
        this.pace = pace;
        this.handed = pending;
        this.goal = Math.min(pace, pending);
        this.since = now;
    }

    /// Hears that bytes were handed to the socket.
    void handed(long bytes) {
        handed += bytes;
    }

    /// {@return whether too little was taken for `limit` nanoseconds}
    boolean lasts(long pending, long now, long limit) {
        long taken = handed - pending;
        if (taken >= goal) {
            goal = Math.min(taken + pace, handed);
            since = now;
        }
        return now - since >= limit;
    }
}
