package dev.thrum.tls;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// What can go wrong with TLS, by name. The message says what to do about it, and never contains a key or a password.
///
/// What befalls the connection below, such as a reset, stays a [dev.thrum.net.NetException].
///
/// The counterpart of cl-async's `tcp-ssl-error`.
public abstract sealed class TlsException extends IOException {
    private static final long serialVersionUID = 1;

    private TlsException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /// A file of certificates, keys or authorities cannot be used: it is missing, malformed, of an unknown kind, or its
    /// parts do not belong together.
    public static final class BadFile extends TlsException {
        private static final long serialVersionUID = 1;

        BadFile(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    /// A certificate of the peer has expired, or is not valid yet.
    public static final class Expired extends TlsException {
        private static final long serialVersionUID = 1;

        Expired(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    /// No authority that is trusted here vouches for the certificate of the peer.
    public static final class Untrusted extends TlsException {
        private static final long serialVersionUID = 1;

        Untrusted(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    /// The certificate of the server is for other names than the one that was asked for.
    public static final class NameMismatch extends TlsException {
        private static final long serialVersionUID = 1;

        NameMismatch(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    /// The client asked for a name that the server has no certificate for.
    public static final class UnknownName extends TlsException {
        private static final long serialVersionUID = 1;

        UnknownName(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    /// The client has shown no certificate, and the server requires one.
    public static final class CertificateRequired extends TlsException {
        private static final long serialVersionUID = 1;

        CertificateRequired(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    /// The two sides have no version, cipher, signature or application protocol in common.
    public static final class NothingInCommon extends TlsException {
        private static final long serialVersionUID = 1;

        NothingInCommon(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    /// The peer broke off, and said why by an alert.
    public static final class Refused extends TlsException {
        private static final long serialVersionUID = 1;
        private final String alert;

        Refused(String alert, String message, @Nullable Throwable cause) {
            super(message, cause);
            this.alert = alert;
        }

        /// {@return the name of the alert, such as `bad_certificate`}
        public String alert() {
            return alert;
        }
    }

    /// The peer does not speak TLS: most often, it speaks plain HTTP.
    public static final class NotTls extends TlsException {
        private static final long serialVersionUID = 1;

        NotTls(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    /// The peer broke the rules: a record that was forged or is malformed, a message beyond the limit, a flood of empty
    /// records, a renegotiation.
    public static final class Violation extends TlsException {
        private static final long serialVersionUID = 1;

        Violation(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    /// The connection ended without the peer having said so within TLS: what has come may be cut short by a third party.
    public static final class Truncated extends TlsException {
        private static final long serialVersionUID = 1;

        Truncated(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    /// The handshake took too long.
    public static final class Timeout extends TlsException {
        private static final long serialVersionUID = 1;

        Timeout(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }
}
