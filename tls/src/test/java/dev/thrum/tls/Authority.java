package dev.thrum.tls;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.NamedParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/// An authority for tests, which signs certificates for anybody.
final class Authority {
    private static final byte[] ECDSA_SHA256 = {6, 8, 0x2a, (byte) 0x86, 0x48, (byte) 0xce, 0x3d, 4, 3, 2};

    final X509Certificate certificate;
    private final KeyPair keys;
    private final String name;

    /// A key, and its chain without the root.
    record Signed(PrivateKey key, X509Certificate certificate) {

        String certificatePem() throws GeneralSecurityException {
            return pem("CERTIFICATE", certificate.getEncoded());
        }

        String keyPem() {
            return pem("PRIVATE KEY", key.getEncoded());
        }

        /// {@return both in one new file}
        Path file(Path folder) throws Exception {
            return write(Files.createTempFile(folder, "server", ".pem"));
        }

        Path write(Path file) throws Exception {
            return Files.writeString(file, certificatePem() + keyPem());
        }

        Identity identity(Path folder) throws Exception {
            return Identity.pem(file(folder));
        }

        Path pkcs12(Path file, String password) throws Exception {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setKeyEntry("server", key, password.toCharArray(), new Certificate[] {certificate});
            try (OutputStream out = Files.newOutputStream(file)) {
                store.store(out, password.toCharArray());
            }
            return file;
        }
    }

    Authority(String name) throws GeneralSecurityException {
        this.name = name;
        this.keys = keys("EC");
        this.certificate = sign(name, keys, Instant.now().minusSeconds(60), Duration.ofDays(10), extension(
                new int[] {2, 5, 29, 19}, true, Der.sequence(Der.yes()))); // basic constraints: an authority
    }

    static String pem(String type, byte[] der) {
        return "-----BEGIN " + type + "-----\n"
                + Base64.getMimeEncoder(64, "\n".getBytes(US_ASCII)).encodeToString(der) + "\n-----END " + type + "-----\n";
    }

    static KeyPair keys(String algorithm) throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm.startsWith("Ed") ? "EdDSA" : algorithm);
        switch (algorithm) {
            case "EC" -> generator.initialize(256);
            case "RSA" -> generator.initialize(2048);
            default -> generator.initialize(new NamedParameterSpec(algorithm));
        }
        return generator.generateKeyPair();
    }

    /// {@return a certificate with an elliptic curve, good for a day}
    /// @param names DNS names and addresses
    Signed sign(String... names) throws Exception {
        return signWith("EC", names);
    }

    Signed signWith(String algorithm, String... names) throws Exception {
        return sign(keys(algorithm), Instant.now().minusSeconds(60), Duration.ofDays(1), names);
    }

    Signed signExpired(String... names) throws Exception {
        return sign(keys("EC"), Instant.now().minus(Duration.ofDays(3)), Duration.ofDays(1), names);
    }

    Signed sign(KeyPair pair, Instant from, Duration life, String... names) throws Exception {
        List<byte[]> all = new ArrayList<>();
        for (String each : names) {
            all.add(each.matches("[0-9.]+")
                    ? Der.element(0x87, InetAddress.getByName(each).getAddress())
                    : Der.text(0x82, each));
        }
        byte[] alternatives = extension(new int[] {2, 5, 29, 17}, false, Der.sequence(all.toArray(byte[][]::new)));
        return new Signed(pair.getPrivate(), sign("server", pair, from, life, alternatives));
    }

    private static byte[] extension(int[] oid, boolean critical, byte[] value) {
        return critical
                ? Der.sequence(Der.oid(oid), Der.yes(), Der.octets(value))
                : Der.sequence(Der.oid(oid), Der.octets(value));
    }

    private X509Certificate sign(String subject, KeyPair pair, Instant from, Duration life, byte[] extension)
            throws GeneralSecurityException {
        byte[] body = Der.sequence(
                Der.element(0xa0, Der.integer(2)),
                Der.integer(new SecureRandom().nextLong() >>> 1),
                Der.sequence(ECDSA_SHA256),
                Der.name(name),
                Der.sequence(Der.time(from), Der.time(from.plus(life))),
                Der.name(subject),
                pair.getPublic().getEncoded(),
                Der.element(0xa3, Der.sequence(extension)));
        Signature signature = Signature.getInstance("SHA256withECDSA");
        signature.initSign(keys.getPrivate());
        signature.update(body);
        byte[] whole = Der.sequence(body, Der.sequence(ECDSA_SHA256), Der.bits(signature.sign()));
        return (X509Certificate)
                CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(whole));
    }

    Path file(Path folder) throws GeneralSecurityException, IOException {
        Path file = Files.createTempFile(folder, "authority", ".pem");
        return Files.writeString(file, pem("CERTIFICATE", certificate.getEncoded()));
    }

    Trust trust() {
        return Trust.of(List.of(certificate));
    }

    /// {@return what a foreign peer of the JDK needs}
    /// @param own its certificates; none for a client that shows none
    SSLContext context(Signed... own) throws Exception {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("authority", certificate);
        TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
        trust.init(trusted);
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        for (int i = 0; i < own.length; i++) {
            store.setKeyEntry("own" + i, own[i].key(), new char[0], new Certificate[] {own[i].certificate()});
        }
        KeyManagerFactory factory = KeyManagerFactory.getInstance("PKIX");
        factory.init(store, new char[0]);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(factory.getKeyManagers(), trust.getTrustManagers(), null);
        return context;
    }
}
