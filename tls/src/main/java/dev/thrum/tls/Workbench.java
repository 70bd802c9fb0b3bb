package dev.thrum.tls;

import dev.thrum.loop.LoopLocal;
import dev.thrum.net.Socket;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// The two buffers of plain text that all connections of a loop share: one for what has been decrypted, and one in which
/// the connection that writes gathers what is to be encrypted. They are on the heap, where the JDK's ciphers work.
///
/// Loop thread only.
final class Workbench implements Runnable {
    private static final LoopLocal<Workbench> BENCH = LoopLocal.of(Workbench::new);

    private final ByteBuffer opened = ByteBuffer.allocate(64 * 1024);
    private final ByteBuffer gathered = ByteBuffer.allocate(Socket.MAX_RESERVE);
    private @Nullable Sealing borrower;
    private boolean due;

    /// {@return that of the loop that runs on this thread}
    static Workbench here() {
        return BENCH.get();
    }

    /// {@return the buffer for what is decrypted, cleared} It is the caller's until its reader returns.
    ByteBuffer opened() {
        return opened.clear();
    }

    boolean isOurs(ByteBuffer buffer) {
        return buffer == opened;
    }

    /// {@return the buffer for what is to be encrypted, behind what `sealing` has put in so far} At the end of the turn, or
    /// when somebody else asks, it goes to [Sealing#seal].
    ByteBuffer gather(Sealing sealing) {
        if (borrower != sealing) {
            giveBack();
            borrower = sealing;
            if (!due) {
                due = true;
                sealing.loop().atTurnEnd(this);
            }
            sealing.announce();
        }
        return gathered;
    }

    /// Encrypts what was gathered for `sealing`.
    void giveBack(Sealing sealing) {
        if (borrower == sealing) {
            giveBack();
        }
    }

    private void giveBack() {
        Sealing owner = borrower;
        if (owner != null) {
            borrower = null;
            owner.seal(gathered.flip());
            gathered.clear();
        }
    }

    /// The end of the turn.
    @Override
    public void run() {
        due = false;
        giveBack();
    }
}
