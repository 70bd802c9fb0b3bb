package dev.thrum.tls;

import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAKey;
import java.util.List;

/// Whether a key and a chain of certificates belong together.
final class KeyCheck {
    private static final byte[] ANYTHING = {1, 2, 3};

    private KeyCheck() {}

    static void check(Identity.Entry entry, String where) throws TlsException.BadFile {
        checkOrder(entry.chain(), where);
        boolean matches;
        try {
            matches = matches(entry.key(), entry.own().getPublicKey());
        } catch (GeneralSecurityException e) {
            throw new TlsException.BadFile("the key cannot be used: " + where, e);
        }
        if (!matches) {
            throw new TlsException.BadFile("the key is not that of the first certificate: " + where, null);
        }
    }

    private static void checkOrder(List<X509Certificate> chain, String where) throws TlsException.BadFile {
        for (int i = 1; i < chain.size(); i++) {
            try {
                chain.get(i - 1).verify(chain.get(i).getPublicKey());
            } catch (GeneralSecurityException e) {
                throw new TlsException.BadFile(
                        "certificate " + (i + 1) + " did not sign certificate " + i
                                + ": the server's own comes first, then each one's authority: " + where,
                        e);
            }
        }
    }

    private static boolean matches(PrivateKey key, PublicKey shown) throws GeneralSecurityException {
        if (key instanceof RSAKey own && shown instanceof RSAKey other) {
            return own.getModulus().equals(other.getModulus());
        }
        if (!key.getAlgorithm().equals(shown.getAlgorithm())) {
            return false;
        }
        String kind = key.getAlgorithm();
        Signature signature = Signature.getInstance(kind.equals("EC") ? "SHA256withECDSA" : kind);
        signature.initSign(key);
        signature.update(ANYTHING);
        byte[] signed = signature.sign();
        signature.initVerify(shown);
        signature.update(ANYTHING);
        return signature.verify(signed);
    }
}
