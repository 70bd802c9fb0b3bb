package dev.thrum.net;

import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.PortUnreachableException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import org.jspecify.annotations.Nullable;

/// What can go wrong with a connection or a server, by name. The message says it in the words of the user.
///
/// The counterpart of cl-async's `socket-error` and `streamish-error`.
public abstract sealed class NetException extends IOException {
    private static final long serialVersionUID = 1;

    private NetException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /// {@return the problem by its name}
    /// @param problem as the JDK reports it: by its type where there is one, else the text is the system's, there is no code
    /// @param where the address it is about
    static NetException of(IOException problem, String where) {
        String text = String.valueOf(problem.getMessage());
        return switch (problem) {
            case NetException known -> known;
            case EOFException _ -> new Eof("connection ended: " + where, problem);
            case ClosedChannelException _ -> new Aborted("connection closed: " + where, problem);
            case UnknownHostException _ -> new NotFound("no such host: " + where, problem);
            case SocketTimeoutException _ -> new Timeout("timed out: " + where, problem);
            case PortUnreachableException _ -> new Refused("nobody receives: " + where, problem);
            case NoRouteToHostException _ -> new Unreachable("no way to the host: " + where, problem);
            case ConnectException _ when !text.contains("timed out") && !text.contains("No such file") ->
                new Refused("connection refused: " + where, problem);
            default -> byText(text, problem, where);
        };
    }

    private static NetException byText(String text, IOException problem, String where) {
        if (text.contains("Connection refused")) {
            return new Refused("connection refused: " + where, problem);
        } else if (text.contains("Connection reset")) {
            return new Reset("connection reset: " + where, problem);
        } else if (text.contains("Broken pipe")) {
            return new BrokenPipe("the peer does not receive any more: " + where, problem);
        } else if (text.contains("already in use")) {
            return new AddressInUse("address in use: " + where, problem);
        } else if (text.contains("timed out")) {
            return new Timeout("timed out: " + where, problem);
        } else if (text.contains("No such file")) {
            return new NotFound("no such path: " + where, problem);
        } else if (text.contains("unreachable")) {
            return new Unreachable("no way to the host: " + where, problem);
        }
        return new Failed(text + ": " + where, problem);
    }

    /// Nobody listens at the address (`socket-refused`); for datagrams, the peer's system said so.
    public static final class Refused extends NetException {
        private static final long serialVersionUID = 1;

        Refused(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    /// The peer broke the connection off (`socket-reset`).
    public static final class Reset extends NetException {
        private static final long serialVersionUID = 1;

        Reset(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    /// Something took too long (`socket-timeout`).
    public static final class Timeout extends NetException {
        private static final long serialVersionUID = 1;

        Timeout(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    /// The peer ended the connection while more was expected (`socket-eof`).
    public static final class Eof extends NetException {
        private static final long serialVersionUID = 1;

        Eof(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    /// The connection was given up on this side: by [Socket#abort], because its scope was cancelled, or because its loop
    /// ended (`socket-aborted`, `streamish-canceled`, `streamish-closed`).
    public static final class Aborted extends NetException {
        private static final long serialVersionUID = 1;

        Aborted(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    /// The peer does not receive any more (`streamish-broken-pipe`).
    public static final class BrokenPipe extends NetException {
        private static final long serialVersionUID = 1;

        BrokenPipe(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    /// Another program, or another server of this one, listens at the address (`socket-address-in-use`).
    public static final class AddressInUse extends NetException {
        private static final long serialVersionUID = 1;

        AddressInUse(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    /// There is no such host, or no such path of a Unix socket (`dns-error`, `streamish-enoent`).
    public static final class NotFound extends NetException {
        private static final long serialVersionUID = 1;

        NotFound(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    /// There is no way to the host, or to its network.
    public static final class Unreachable extends NetException {
        private static final long serialVersionUID = 1;

        Unreachable(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    /// A server could not accept a connection, mostly because no descriptor was left (`socket-accept-error`). It tries
    /// again by itself.
    public static final class AcceptFailed extends NetException {
        private static final long serialVersionUID = 1;

        AcceptFailed(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    /// Anything else that the system reports: no permission, no such local address, no descriptors left.
    public static final class Failed extends NetException {
        private static final long serialVersionUID = 1;

        Failed(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }
}
