package dev.thrum.plugins;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/// Secrets that sign and encrypt what clients keep for us: the first one for what is new, all of them for what comes back, so
/// that a new secret can be put in front of an old one.
///
/// ```java
/// Secrets secrets = Secrets.of(Files.readAllBytes(key));
/// ```
///
/// What was signed for one purpose is not accepted for another. Signatures are HMAC-SHA-256, encryption is AES-256-GCM with keys
/// derived from the secret.
///
/// **Threads.** Immutable. Nothing blocks.
public final class Secrets {
    private static final int LEAST = 32;
    private static final int NONCE = 12;
    private static final int TAG_BITS = 128;
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();
    private static final Base64.Decoder DECODER = Base64.getUrlDecoder();

    private final List<Pair> keys;

    private record Pair(SecretKeySpec signing, SecretKeySpec sealing) {}

    private Secrets(List<Pair> keys) {
        this.keys = keys;
    }

    /// {@return these secrets}
    /// @param newest signs and encrypts; 32 random bytes or more
    /// @param older still accepted
    /// @throws IllegalArgumentException if one has less than 32 bytes
    public static Secrets of(byte[] newest, byte[]... older) {
        List<Pair> keys = new ArrayList<>();
        keys.add(derive(newest));
        for (byte[] each : older) {
            keys.add(derive(each));
        }
        return new Secrets(List.copyOf(keys));
    }

    /// {@return a secret that ends with this process}
    public static Secrets random() {
        return of(randomBytes(LEAST));
    }

    static byte[] randomBytes(int count) {
        byte[] bytes = new byte[count];
        RANDOM.nextBytes(bytes);
        return bytes;
    }

    /// {@return random letters that nobody can guess}
    static String randomText() {
        return ENCODER.encodeToString(randomBytes(24));
    }

    private static Pair derive(byte[] secret) {
        if (secret.length < LEAST) {
            throw new IllegalArgumentException("a secret has " + LEAST + " bytes or more: " + secret.length);
        }
        var master = new SecretKeySpec(secret, "HmacSHA256");
        return new Pair(
                new SecretKeySpec(mac(master, "thrum sign"), "HmacSHA256"),
                new SecretKeySpec(mac(master, "thrum seal"), "AES"));
    }

    private static byte[] mac(SecretKeySpec key, String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(key);
            return mac.doFinal(text.getBytes(UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has HmacSHA256", e);
        }
    }

    // ---- signing

    /// {@return `text` with a signature behind it, 44 characters longer}
    /// @param purpose what it is good for
    /// @param text what is signed; everybody can read it
    public String sign(String purpose, String text) {
        return text + '.' + ENCODER.encodeToString(signature(keys.getFirst(), purpose, text));
    }

    private static byte[] signature(Pair key, String purpose, String text) {
        return mac(key.signing, purpose.length() + ":" + purpose + text);
    }

    /// {@return the text that was signed; empty if it was not, for this purpose, by one of these secrets}
    /// @param purpose what it is good for
    /// @param signed what [#sign] has returned
    public Optional<String> verify(String purpose, String signed) {
        int dot = signed.lastIndexOf('.');
        if (dot < 0) {
            return Optional.empty();
        }
        String text = signed.substring(0, dot);
        byte[] signature = decode(signed.substring(dot + 1));
        if (signature == null) {
            return Optional.empty();
        }
        return keys.stream().anyMatch(key -> MessageDigest.isEqual(signature(key, purpose, text), signature))
                ? Optional.of(text)
                : Optional.empty();
    }

    private static byte @Nullable [] decode(String text) {
        try {
            return DECODER.decode(text);
        } catch (IllegalArgumentException malformed) {
            return null;
        }
    }

    // ---- encrypting

    /// {@return `bytes` as a text that only these secrets can read and make}
    /// @param purpose what it is good for
    /// @param bytes what is encrypted
    public String seal(String purpose, byte[] bytes) {
        byte[] nonce = randomBytes(NONCE);
        try {
            byte[] sealed = cipher(Cipher.ENCRYPT_MODE, keys.getFirst(), purpose, nonce).doFinal(bytes);
            byte[] all = Arrays.copyOf(nonce, NONCE + sealed.length);
            System.arraycopy(sealed, 0, all, NONCE, sealed.length);
            return ENCODER.encodeToString(all);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has AES/GCM", e);
        }
    }

    /// {@return what was encrypted; empty if it was not, for this purpose, by one of these secrets}
    /// @param purpose what it is good for
    /// @param sealed what [#seal] has returned
    public Optional<byte[]> open(String purpose, String sealed) {
        byte[] all = decode(sealed);
        if (all == null || all.length < NONCE + TAG_BITS / 8) {
            return Optional.empty();
        }
        byte[] nonce = Arrays.copyOf(all, NONCE);
        for (Pair key : keys) {
            try {
                return Optional.of(cipher(Cipher.DECRYPT_MODE, key, purpose, nonce).doFinal(all, NONCE, all.length - NONCE));
            } catch (GeneralSecurityException notOurs) {
                // an older one may have sealed it
            }
        }
        return Optional.empty();
    }

    private static Cipher cipher(int mode, Pair key, String purpose, byte[] nonce) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, key.sealing, new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(purpose.getBytes(UTF_8));
        return cipher;
    }

    @Override
    public String toString() {
        return keys.size() + " secrets";
    }
}
