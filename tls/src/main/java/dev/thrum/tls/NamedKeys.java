package dev.thrum.tls;

import java.net.InetAddress;
import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSession;
import javax.net.ssl.StandardConstants;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/// One generation of certificates, found by the name that a client asks for.
///
/// Immutable. What a client asks for is looked up, and kept nowhere. The aliases that JSSE speaks of are indices.
final class NamedKeys extends X509ExtendedKeyManager {
    static final NamedKeys NONE = new NamedKeys(0, List.of(), new byte[0]);

    private static final int DNS_NAME = 2; // in the subject alternative names
    private static final int IP_ADDRESS = 7;

    private final long generation;
    private final List<Identity.Entry> entries;
    private final byte[] digest;
    private final Map<String, List<Integer>> byName = new HashMap<>(); // as in the certificates, in lower case

    NamedKeys(long generation, List<Identity.Entry> entries, byte[] digest) {
        this.generation = generation;
        this.entries = entries;
        this.digest = digest;
        for (int i = 0; i < entries.size(); i++) {
            for (String name : names(entries.get(i).own())) {
                byName.computeIfAbsent(name, _ -> new ArrayList<>()).add(i);
            }
        }
    }

    /// {@return the names of a certificate, in lower case}
    private static Set<String> names(X509Certificate certificate) {
        return alternatives(certificate, DNS_NAME);
    }

    private static Set<String> alternatives(X509Certificate certificate, int type) {
        Set<String> names = new TreeSet<>();
        try {
            Collection<List<?>> alternatives = certificate.getSubjectAlternativeNames();
            if (alternatives != null) {
                for (List<?> alternative : alternatives) {
                    if (alternative.getFirst().equals(type)) {
                        names.add(((String) alternative.get(1)).toLowerCase(Locale.ROOT));
                    }
                }
            }
        } catch (CertificateParsingException e) {
            return Set.of(); // a certificate that no client will accept under any name
        }
        return names;
    }

    /// {@return whether a certificate is for a host}
    /// @param host a name, or an address, that of IPv6 in brackets
    static boolean covers(X509Certificate certificate, String host) {
        String asked = host.toLowerCase(Locale.ROOT);
        if (asked.startsWith("[") || asked.matches("[0-9.]+")) {
            return coversAddress(certificate, asked.replaceAll("[\\[\\]]", ""));
        }
        Set<String> names = names(certificate);
        int dot = asked.indexOf('.');
        return names.contains(asked) || (dot > 0 && names.contains("*" + asked.substring(dot)));
    }

    private static boolean coversAddress(X509Certificate certificate, String address) {
        try {
            InetAddress asked = InetAddress.ofLiteral(address);
            return alternatives(certificate, IP_ADDRESS).stream().map(InetAddress::ofLiteral).anyMatch(asked::equals);
        } catch (IllegalArgumentException none) {
            return false;
        }
    }

    static String withoutPort(String host) {
        int colon = host.lastIndexOf(':');
        return colon > host.lastIndexOf(']') ? host.substring(0, colon) : host;
    }

    long generation() {
        return generation;
    }

    byte[] digest() {
        return digest;
    }

    Instant notAfter() {
        return entries.stream()
                .map(entry -> entry.own().getNotAfter().toInstant())
                .min(Instant::compareTo)
                .orElse(Instant.MAX);
    }

    Set<String> names() {
        return new TreeSet<>(byName.keySet());
    }

    /// {@return which certificates are for `name`} Empty if none is.
    List<Integer> find(String name) {
        String asked = name.toLowerCase(Locale.ROOT);
        List<Integer> exact = byName.get(asked);
        if (exact != null) {
            return exact;
        }
        int dot = asked.indexOf('.');
        return dot < 0 ? List.of() : byName.getOrDefault("*" + asked.substring(dot), List.of());
    }

    static Optional<String> serverName(SSLSession session) {
        if (session instanceof ExtendedSSLSession extended) {
            for (SNIServerName name : extended.getRequestedServerNames()) {
                if (name.getType() == StandardConstants.SNI_HOST_NAME) {
                    return Optional.of(new SNIHostName(name.getEncoded()).getAsciiName());
                }
            }
        }
        return Optional.empty();
    }

    // ---- for JSSE

    /// The name decides before the kind of key does: else a client would get another name's certificate because it is the
    /// only one of the kind it prefers.
    @Override
    public @Nullable String chooseEngineServerAlias(String keyType, Principal @Nullable [] issuers, SSLEngine engine) {
        List<Integer> candidates = serverName(engine.getHandshakeSession()).map(this::find).orElse(List.of());
        if (candidates.isEmpty() && !AskedName.mustBeKnown(engine)) {
            candidates = sameNames(0);
        }
        for (int candidate : candidates) {
            if (entries.get(candidate).key().getAlgorithm().equals(keyType)) {
                return Integer.toString(candidate);
            }
        }
        return null;
    }

    /// {@return the default certificate, and those for the same names}
    private List<Integer> sameNames(int first) {
        Set<String> names = names(entries.get(first).own());
        List<Integer> same = new ArrayList<>();
        for (int i = first; i < entries.size(); i++) {
            if (i == first || names.equals(names(entries.get(i).own()))) {
                same.add(i);
            }
        }
        return same;
    }

    @Override
    public @Nullable String chooseEngineClientAlias(
            String[] keyTypes, Principal @Nullable [] issuers, SSLEngine engine) {
        for (int i = 0; i < entries.size(); i++) {
            Identity.Entry entry = entries.get(i);
            if (Arrays.asList(keyTypes).contains(entry.key().getAlgorithm()) && isFrom(entry, issuers)) {
                return Integer.toString(i);
            }
        }
        return null;
    }

    private static boolean isFrom(Identity.Entry entry, Principal @Nullable [] issuers) {
        return issuers == null
                || issuers.length == 0
                || entry.chain().stream()
                        .anyMatch(each -> Arrays.asList(issuers).contains(each.getIssuerX500Principal()));
    }

    @Override
    public X509Certificate @Nullable [] getCertificateChain(String alias) {
        return entries.get(Integer.parseInt(alias)).chain().toArray(X509Certificate[]::new);
    }

    @Override
    public @Nullable PrivateKey getPrivateKey(String alias) {
        return entries.get(Integer.parseInt(alias)).key();
    }

    @Override
    public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
        return null; // for sockets, which we do not use
    }

    @Override
    public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
        return null;
    }

    @Override
    public @Nullable String chooseClientAlias(
            String[] keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return null;
    }

    @Override
    public @Nullable String chooseServerAlias(String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return null;
    }

    /// {@return the names, without the keys}
    @Override
    public String toString() {
        return names().toString();
    }
}
