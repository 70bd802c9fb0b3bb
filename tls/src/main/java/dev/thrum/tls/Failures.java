package dev.thrum.tls;

import dev.thrum.net.NetException;
import dev.thrum.net.Socket;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Names for what the JDK reports: it tells by the types of causes, and by the names of alerts in its messages.
final class Failures {
    private static final Pattern PEERS_ALERT = Pattern.compile("Received fatal alert: (\\w+)");
    private static final Pattern OUR_ALERT = Pattern.compile("^\\((\\w+)\\)");

    private Failures() {}

    /// {@return the address of the peer in words}
    static String text(Socket raw) {
        return raw.remote() instanceof InetSocketAddress inet && inet.getAddress() != null
                ? inet.getAddress().getHostAddress() + ":" + inet.getPort()
                : String.valueOf(raw.remote());
    }

    /// {@return the problem by its name}
    /// @param host what a client asked for; null for a server, or after the handshake
    static IOException of(Throwable problem, Socket raw, @Nullable String host) {
        String where = host == null ? text(raw) : host + " (" + text(raw) + ")";
        if (problem instanceof TlsException || problem instanceof NetException) {
            return (IOException) problem;
        }
        Matcher theirs = PEERS_ALERT.matcher(String.valueOf(problem.getMessage()));
        if (theirs.find()) {
            return alerted(theirs.group(1), where, problem);
        }
        TlsException about = aboutCertificates(problem, where);
        return about != null ? about : ours(problem, where);
    }

    private static TlsException alerted(String alert, String where, Throwable problem) {
        return switch (alert) {
            case "certificate_required" ->
                new TlsException.CertificateRequired("the server requires a certificate: " + where, problem);
            case "unrecognized_name" ->
                new TlsException.UnknownName("the server has no certificate for this name: " + where, problem);
            case "handshake_failure", "protocol_version", "insufficient_security", "no_application_protocol" ->
                new TlsException.NothingInCommon(
                        "the peer shares no version, cipher or protocol with us (" + alert + "): " + where, problem);
            default -> new TlsException.Refused(alert, "the peer broke off (" + alert + "): " + where, problem);
        };
    }

    private static @Nullable TlsException aboutCertificates(Throwable problem, String where) {
        TlsException found = null;
        for (Throwable cause = problem; cause != null; cause = cause.getCause()) {
            String text = String.valueOf(cause.getMessage());
            if (cause instanceof CertificateExpiredException || cause instanceof CertificateNotYetValidException) {
                return new TlsException.Expired(
                        "a certificate is not valid now, renew it or set the clock (" + text + "): " + where, problem);
            } else if (text.startsWith("No subject alternative") || text.startsWith("No name matching")) {
                return new TlsException.NameMismatch(
                        "the certificate is for another name (" + text + "): " + where, problem);
            } else if (found == null
                    && (cause instanceof CertificateException
                            || cause instanceof CertPathBuilderException
                            || cause instanceof CertPathValidatorException)) {
                found = new TlsException.Untrusted(
                        "no trusted authority vouches for the certificate; add its authority to the trust (" + text + "): "
                                + where,
                        problem);
            }
        }
        return found;
    }

    private static TlsException ours(Throwable problem, String where) {
        String text = String.valueOf(problem.getMessage());
        Matcher alert = OUR_ALERT.matcher(text);
        String name = text.contains("Empty client certificate chain") ? "certificate_required" : "";
        return switch (name.isEmpty() && alert.find() ? alert.group(1) : name) {
            case "unrecognized_name" -> new TlsException.UnknownName("no certificate for this name: " + where, problem);
            case "certificate_required" ->
                new TlsException.CertificateRequired("the client has shown no certificate: " + where, problem);
            case "handshake_failure", "protocol_version", "insufficient_security", "no_application_protocol" ->
                new TlsException.NothingInCommon(
                        "no version, cipher or protocol in common (" + text + "): " + where, problem);
            default -> new TlsException.Violation("not as TLS demands (" + text + "): " + where, problem);
        };
    }
}
