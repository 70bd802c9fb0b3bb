package dev.thrum.tls;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKey;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import org.jspecify.annotations.Nullable;

/// A file in PEM: blocks of base64 between `BEGIN` and `END`, with anything around them.
final class Pem {
    private static final int MOST_BYTES = 1024 * 1024;
    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]{1,40})-----([^-]*+)-----END \\1-----");
    private static final String ENCRYPTED = "ENCRYPTED PRIVATE KEY";
    private static final String PLAIN = "PRIVATE KEY";

    private final Path file;
    private final List<MatchResult> blocks;

    /// @throws TlsException.BadFile if the file contains no block
    Pem(Path file, byte[] content) throws TlsException.BadFile {
        this.file = file;
        if (content.length > MOST_BYTES) {
            throw new TlsException.BadFile("more than " + MOST_BYTES + " bytes: " + file, null);
        }
        this.blocks = BLOCK.matcher(new String(content, ISO_8859_1)).results().toList();
        if (blocks.isEmpty()) {
            throw new TlsException.BadFile("no -----BEGIN …----- in " + file + ": it is not PEM, or was cut off", null);
        }
    }

    /// {@return all certificates, in their order}
    List<X509Certificate> certificates() throws TlsException.BadFile {
        List<X509Certificate> certificates = new ArrayList<>();
        try {
            CertificateFactory factory = CertificateFactory.getInstance("X.509");
            for (MatchResult block : blocks) {
                if (block.group(1).equals("CERTIFICATE")) {
                    var der = new ByteArrayInputStream(decode(block));
                    certificates.add((X509Certificate) factory.generateCertificate(der));
                }
            }
        } catch (CertificateException e) {
            throw new TlsException.BadFile("certificate " + (certificates.size() + 1) + " is malformed: " + file, e);
        }
        if (certificates.isEmpty()) {
            throw new TlsException.BadFile("no certificate in " + file, null);
        }
        return certificates;
    }

    /// {@return the only key}
    /// @param password opens an encrypted one
    /// @param algorithm of the public key
    PrivateKey key(char @Nullable [] password, String algorithm) throws TlsException.BadFile {
        MatchResult only = null;
        for (MatchResult block : blocks) {
            if (block.group(1).endsWith(PLAIN)) {
                if (only != null) {
                    throw new TlsException.BadFile("more than one key in " + file, null);
                }
                only = block;
            }
        }
        if (only == null) {
            throw new TlsException.BadFile("no key in " + file, null);
        }
        return switch (only.group(1)) {
            case PLAIN -> plain(new PKCS8EncodedKeySpec(decode(only)), algorithm);
            case ENCRYPTED -> plain(decrypt(decode(only), password), algorithm);
            default -> throw new TlsException.BadFile(
                    "the key in " + file + " is a '" + only.group(1) + "', not PKCS#8; convert it: "
                            + "openssl pkcs8 -topk8 -nocrypt -in " + file + " -out key.pem",
                    null);
        };
    }

    // What a key is made of does not get into a message or a cause.
    private PrivateKey plain(PKCS8EncodedKeySpec spec, String algorithm) throws TlsException.BadFile {
        try {
            return KeyFactory.getInstance(algorithm).generatePrivate(spec);
        } catch (GeneralSecurityException e) {
            throw new TlsException.BadFile(
                    "the key in " + file + " is malformed, or not of the kind of its certificate, " + algorithm, null);
        }
    }

    private PKCS8EncodedKeySpec decrypt(byte[] der, char @Nullable [] password) throws TlsException.BadFile {
        if (password == null) {
            throw new TlsException.BadFile("the key in " + file + " is encrypted: withPassword(…) is needed", null);
        }
        try {
            var info = new EncryptedPrivateKeyInfo(der);
            AlgorithmParameters parameters = info.getAlgParameters();
            // The scheme PBES2 names its parts in its parameters alone.
            String name = parameters == null ? info.getAlgName() : parameters.toString();
            String scheme = name.startsWith("PBE") ? name : info.getAlgName();
            SecretKey secret = SecretKeyFactory.getInstance(scheme).generateSecret(new PBEKeySpec(password));
            Cipher cipher = Cipher.getInstance(scheme);
            cipher.init(Cipher.DECRYPT_MODE, secret, parameters);
            return info.getKeySpec(cipher);
        } catch (GeneralSecurityException | IOException e) {
            throw new TlsException.BadFile("the password does not open the key in " + file, null);
        }
    }

    private byte[] decode(MatchResult block) throws TlsException.BadFile {
        try {
            return Base64.getMimeDecoder().decode(block.group(2).getBytes(ISO_8859_1));
        } catch (IllegalArgumentException e) {
            throw new TlsException.BadFile("a " + block.group(1) + " is malformed: " + file, null);
        }
    }
}
