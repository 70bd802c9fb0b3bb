package dev.thrum.http;

/// Watches whether a client takes what is sent to it. How much is pending does not tell: it may be the same at every look,
/// while as much is taken as comes.
final class WriteStall {
    private long handed; // bytes, since this was made
    private long taken; // of them, as of the last look; below zero while there is more from before
    private long since;

    /// @param pending what waits already
    WriteStall(long pending, long now) {
        this.taken = -pending;
        this.since = now;
    }

    /// Hears that bytes were handed to the socket.
    void handed(long bytes) {
        handed += bytes;
    }

    /// {@return whether nothing was taken for `limit` nanoseconds}
    boolean lasts(long pending, long now, long limit) {
        if (handed - pending != taken) {
            taken = handed - pending;
            since = now;
        }
        return now - since >= limit;
    }
}
