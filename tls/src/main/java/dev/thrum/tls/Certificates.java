package dev.thrum.tls;

import static java.util.Objects.requireNonNull;

import dev.thrum.scope.Registration;
import java.lang.System.Logger.Level;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/// What this side shows: one certificate with its key for each name, read from files, and read again when they change.
///
/// ```java
/// Certificates certificates = Certificates.load(Identity.pem(Path.of("fullchain.pem"), Path.of("privkey.pem")));
/// certificates.watch(Duration.ofSeconds(1), outcome -> System.out.println(outcome));
/// ```
///
/// **Names.** A client that asks for a name (SNI) gets the certificate that has exactly this name, else one with a
/// wildcard that covers it (`*.example.org` covers one label), else the first one, unless the [Tls] refuses unknown names.
/// Names are those of the certificate's subject alternative names of type DNS. Among certificates for the same name the
/// client's abilities decide: RSA and elliptic curves may stand side by side.
///
/// **Reload.** Everything is read and checked before anything changes. New handshakes see either all the old or all the
/// new certificates; open connections go on with what they began with. A bad file is refused, and the old ones are kept.
/// What counts is the content of the files, not their times.
///
/// **Threads.** Any. [#load] and [#reload] read files, and block.
public final class Certificates {
    private static final System.Logger LOG = System.getLogger("dev.thrum.tls");

    private final List<Identity> identities;
    private final ReentrantLock reloading = new ReentrantLock();
    private volatile NamedKeys current; // written under reloading

    /// What a look at the files came to.
    public sealed interface Reload {
        /// The files are as they were.
        record Unchanged() implements Reload {}

        /// New certificates are in use from now on.
        /// @param generation their number
        /// @param notAfter when the first of them expires
        record Changed(long generation, Instant notAfter) implements Reload {}

        /// The files cannot be used, and the old certificates are kept.
        /// @param problem says what is wrong with them
        record Refused(TlsException.BadFile problem) implements Reload {}
    }

    private Certificates(List<Identity> identities, NamedKeys first) {
        this.identities = identities;
        this.current = first;
    }

    /// Reads certificates and their keys. Blocks.
    /// @param first where the default certificate comes from
    /// @param more where others come from
    /// @return the certificates, as generation 1
    /// @throws TlsException.BadFile if a file is missing, malformed, or its parts do not belong together. A certificate that
    ///     has expired is taken nevertheless, with a warning in the log, since there is no other
    public static Certificates load(Identity first, Identity... more) throws TlsException.BadFile {
        List<Identity> identities = new ArrayList<>(List.of(more));
        identities.addFirst(requireNonNull(first, "first"));
        NamedKeys keys = read(identities, 1, new byte[0]);
        if (keys.notAfter().isBefore(Instant.now())) {
            LOG.log(Level.WARNING, "a certificate has expired on {0}: {1}", keys.notAfter(), keys);
        }
        return new Certificates(List.copyOf(identities), keys);
    }

    /// Reads everything again, and uses it from now on if it is in order. Blocks.
    /// @return what it came to; a certificate that has expired is refused
    public Reload reload() {
        reloading.lock();
        try {
            NamedKeys old = current;
            NamedKeys next = read(identities, old.generation() + 1, old.digest());
            if (next.generation() == 0) {
                return new Reload.Unchanged();
            }
            if (next.notAfter().isBefore(Instant.now())) {
                throw new TlsException.BadFile("a certificate has expired on " + next.notAfter() + ": " + next, null);
            }
            current = next;
            return new Reload.Changed(next.generation(), next.notAfter());
        } catch (TlsException.BadFile problem) {
            return new Reload.Refused(problem);
        } finally {
            reloading.unlock();
        }
    }

    /// @return what the files contain; generation 0 if its digest is that of the former
    private static NamedKeys read(List<Identity> identities, long generation, byte[] former) throws TlsException.BadFile {
        List<List<byte[]>> contents = new ArrayList<>();
        for (Identity identity : identities) {
            contents.add(identity.read());
        }
        byte[] digest = digest(contents);
        if (Arrays.equals(digest, former)) {
            return NamedKeys.NONE;
        }
        List<Identity.Entry> entries = new ArrayList<>();
        for (int i = 0; i < identities.size(); i++) {
            entries.addAll(identities.get(i).parse(contents.get(i)));
        }
        return new NamedKeys(generation, entries, digest);
    }

    private static byte[] digest(List<List<byte[]>> contents) {
        MessageDigest digest = sha256();
        for (List<byte[]> files : contents) {
            for (byte[] file : files) {
                digest.update((byte) file.length); // where one ends and the next begins
                digest.update(file);
            }
        }
        return digest.digest();
    }

    /// {@return what tells the content of a file from any other}
    static String digest(byte[] file) {
        return HexFormat.of().formatHex(sha256().digest(file));
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (GeneralSecurityException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        }
    }

    /// Looks at the files again and again, on a thread of its own, and takes what has changed.
    ///
    /// What cannot be used is told at the second look that finds it so, and once: a certificate that was written a moment
    /// before its key is no problem. It is logged as well.
    /// @param period between two looks; at least 10 milliseconds
    /// @param listener hears what has changed and what is refused, under the scope of the caller and at its home
    /// @return closing it ends the watch
    /// @throws IllegalArgumentException if `period` is shorter
    public Registration watch(Duration period, Consumer<? super Reload> listener) {
        return CertificateWatch.start(this, this::reload, period, listener);
    }

    /// {@return the number of the certificates in use: 1 for the first, one more for each reload that changed something}
    public long generation() {
        return current.generation();
    }

    /// {@return when the first of the certificates in use expires}
    public Instant notAfter() {
        return current.notAfter();
    }

    /// {@return all names that the certificates in use have}
    public Set<String> names() {
        return current.names();
    }

    NamedKeys current() {
        return current;
    }

    /// {@return the names and the generation}
    @Override
    public String toString() {
        return "certificates, generation " + generation() + ": " + current;
    }
}
