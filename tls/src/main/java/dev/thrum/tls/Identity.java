package dev.thrum.tls;

import static java.util.Objects.requireNonNull;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.UnrecoverableKeyException;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Where a certificate and its key are to be read from.
///
/// ```java
/// Identity.pem(Path.of("fullchain.pem"), Path.of("privkey.pem"));
/// Identity.pkcs12(Path.of("server.p12"), "password");
/// ```
///
/// A PEM file of certificates begins with the server's own, followed by those of the authorities up to the root, which may
/// be left out. A PEM key is PKCS#8, plain or encrypted. Keys of older forms are refused with the command that converts
/// them.
///
/// **Threads.** Immutable; it reads nothing before [Certificates#load].
public final class Identity {
    private final List<Path> files; // certificates and key in PEM, or one PKCS#12 file
    private final boolean pkcs12;
    private final char @Nullable [] password;

    private Identity(List<Path> files, boolean pkcs12, char @Nullable [] password) {
        this.files = files;
        this.pkcs12 = pkcs12;
        this.password = password;
    }

    /// {@return certificates and key in two PEM files}
    /// @param certificates the chain, the server's own certificate first
    /// @param key in PKCS#8
    public static Identity pem(Path certificates, Path key) {
        return new Identity(
                List.of(requireNonNull(certificates, "certificates"), requireNonNull(key, "key")), false, null);
    }

    /// {@return certificates and key in one PEM file}
    /// @param both the chain, the server's own certificate first, and the key in PKCS#8
    public static Identity pem(Path both) {
        return new Identity(List.of(requireNonNull(both, "both")), false, null);
    }

    /// {@return certificates and keys in a PKCS#12 file} Each key in it counts.
    /// @param file the key store
    /// @param password opens the file and its keys
    public static Identity pkcs12(Path file, String password) {
        return new Identity(List.of(requireNonNull(file, "file")), true, password.toCharArray());
    }

    /// {@return this with the password of an encrypted key}
    /// @param password what the key was encrypted with
    public Identity withPassword(String password) {
        return new Identity(files, pkcs12, password.toCharArray());
    }

    /// One certificate with its chain and key.
    record Entry(List<X509Certificate> chain, PrivateKey key) {

        X509Certificate own() {
            return chain.getFirst();
        }

        /// Without the key.
        @Override
        public String toString() {
            return "certificate of " + own().getSubjectX500Principal();
        }
    }

    /// {@return the bytes of the files} Blocks.
    List<byte[]> read() throws TlsException.BadFile {
        List<byte[]> contents = new ArrayList<>();
        for (Path file : files) {
            contents.add(read(file));
        }
        return contents;
    }

    static byte[] read(Path file) throws TlsException.BadFile {
        try {
            return Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            throw new TlsException.BadFile("no such file: " + file, e);
        } catch (IOException e) {
            throw new TlsException.BadFile("cannot read " + file + ": " + e.getMessage(), e);
        }
    }

    /// {@return what the files contain, checked}
    /// @param contents what [#read] gave
    List<Entry> parse(List<byte[]> contents) throws TlsException.BadFile {
        List<Entry> entries = pkcs12 ? parsePkcs12(contents.getFirst()) : List.of(parsePem(contents));
        for (Entry entry : entries) {
            KeyCheck.check(entry, toString());
        }
        return entries;
    }

    private Entry parsePem(List<byte[]> contents) throws TlsException.BadFile {
        List<X509Certificate> chain = new Pem(files.getFirst(), contents.getFirst()).certificates();
        String algorithm = chain.getFirst().getPublicKey().getAlgorithm();
        return new Entry(chain, new Pem(files.getLast(), contents.getLast()).key(password, algorithm));
    }

    private List<Entry> parsePkcs12(byte[] content) throws TlsException.BadFile {
        List<Entry> entries = new ArrayList<>();
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(new ByteArrayInputStream(content), password);
            for (String alias : Collections.list(store.aliases())) {
                if (store.isKeyEntry(alias) && store.getKey(alias, password) instanceof PrivateKey key) {
                    entries.add(new Entry(chain(store.getCertificateChain(alias)), key));
                }
            }
        } catch (IOException | GeneralSecurityException e) {
            boolean locked = e instanceof UnrecoverableKeyException || e.getCause() instanceof UnrecoverableKeyException;
            throw new TlsException.BadFile(
                    locked ? "the password does not open " + this : "not a PKCS#12 file: " + this, e);
        }
        if (entries.isEmpty()) {
            throw new TlsException.BadFile("no key with a certificate in " + this, null);
        }
        return entries;
    }

    private static List<X509Certificate> chain(Certificate[] chain) {
        return Arrays.stream(chain).map(X509Certificate.class::cast).toList();
    }

    /// {@return the files, without the password}
    @Override
    public String toString() {
        return files.getFirst() + (files.size() > 1 ? " and " + files.getLast() : "");
    }
}
