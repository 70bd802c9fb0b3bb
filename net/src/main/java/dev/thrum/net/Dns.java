package dev.thrum.net;

import static java.util.Objects.requireNonNull;

import dev.thrum.promise.Promise;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// Names and addresses of hosts, by the JDK's resolver: the system's, or the hosts file that `jdk.net.hosts.file` names.
///
/// ```java
/// Dns.lookup("example.org").tap(addresses -> IO.println(addresses.getFirst()));
/// ```
///
/// The resolver blocks, and cannot be interrupted. So it has a few daemon threads of its own, which come and go: no loop
/// waits for it, nor do files. Equal questions that are open at the same time are asked once. A promise that is cancelled,
/// or too late, abandons its question; one that nobody waits for any more is not even asked if it has not begun.
///
/// **Threads.** Any thread; nothing blocks. The answer comes home, and holds its home until then.
/// **Failure.** [NetException.NotFound] if there is no answer, [NetException.Timeout] if it takes too long.
///
/// The counterpart of cl-async's `dns-lookup` and `reverse-dns-lookup`.
public final class Dns {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final String OCTET = "(25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";
    private static final Pattern IPV4 = Pattern.compile(OCTET + "(\\." + OCTET + "){3}");
    private static final Pattern NUMBER_LAST = Pattern.compile("(.*\\.)?(\\d+|0[xX]\\p{XDigit}*)\\.?");
    private static final NameLookup<String, List<InetAddress>> ADDRESSES =
            new NameLookup<>(host -> List.of(InetAddress.getAllByName(host)));
    private static final NameLookup<InetAddress, String> NAMES = new NameLookup<>(Dns::nameOf);

    private Dns() {}

    /// {@return the addresses of a host, IPv4 and IPv6, in the order of the JDK, at least one, within 30 seconds}
    /// @param host a name, or an address in digits, which is its own answer
    /// @throws IllegalArgumentException if `host` is empty
    public static Promise<List<InetAddress>> lookup(String host) {
        return lookup(host, LIMIT);
    }

    /// {@return the addresses of a host, IPv4 and IPv6, in the order of the JDK, at least one}
    /// @param host a name, or an address in digits, which is its own answer; what ends in a number and is no address is not
    ///     found
    /// @param limit how long it may take
    /// @throws IllegalArgumentException if `host` is empty, or `limit` not positive
    public static Promise<List<InetAddress>> lookup(String host, Duration limit) {
        if (host.isEmpty()) {
            throw new IllegalArgumentException("host must not be empty");
        }
        NameLookup.check(limit);
        Optional<InetAddress> literal = literal(host);
        if (literal.isPresent()) {
            return Promise.of(List.of(literal.get()));
        }
        if (NUMBER_LAST.matcher(host).matches()) {
            return Promise.failed(new NetException.NotFound("no such host: " + host, null));
        }
        return ADDRESSES.find(host, limit);
    }

    /// {@return the name of a host, within 30 seconds}
    /// @param address its address
    public static Promise<String> reverse(InetAddress address) {
        return reverse(address, LIMIT);
    }

    /// {@return the name of a host} A name counts only if it leads back to the address, so that nobody can lend himself the
    /// name of another.
    /// @param address its address
    /// @param limit how long it may take
    /// @throws IllegalArgumentException if `limit` is not positive
    public static Promise<String> reverse(InetAddress address, Duration limit) {
        requireNonNull(address, "address");
        NameLookup.check(limit);
        return NAMES.find(address, limit);
    }

    /// {@return the address that a text is, without asking anybody; empty if it is none} IPv4 is four decimal numbers from 0
    /// to 255, without leading zeros; IPv6 is what RFC 4291 says, with a scope if need be. The abbreviations that some
    /// resolvers know (`127.1`, `0x7f000001`) are no addresses.
    /// @param text what may be an address
    public static Optional<InetAddress> literal(String text) {
        if (!text.contains(":") && !IPV4.matcher(text).matches()) {
            return Optional.empty();
        }
        try {
            return Optional.of(InetAddress.ofLiteral(text));
        } catch (IllegalArgumentException notAnAddress) {
            return Optional.empty();
        }
    }

    private static String nameOf(InetAddress address) throws UnknownHostException {
        String digits = address.getHostAddress();
        String name = InetAddress.getByAddress(address.getAddress()).getCanonicalHostName();
        if (name.equals(digits) || literal(name).isPresent()) {
            throw new UnknownHostException(digits);
        }
        return name;
    }
}
