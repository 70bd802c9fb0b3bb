package dev.thrum.plugins;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A cookie that is sent to a client, after RFC 6265bis, with the careful choice in each attribute: for this host alone, for all
/// paths, `Secure`, `HttpOnly`, `SameSite=Lax`, until the browser ends.
///
/// ```java
/// Cookies.set(response, Cookie.of("theme", "dark").withMaxAge(Duration.ofDays(30)));
/// ```
///
/// Whatever could end the line, or begin another attribute, is refused. Cookies whose name begins with `__Host-` or
/// `__Secure-` have to be what those names promise.
///
/// **Threads.** Immutable.
public final class Cookie {
    private static final int MOST = 4_096; // characters of name and value, which is what browsers take

    /// When a browser sends a cookie along with requests that other sites cause.
    public enum SameSite {
        /// Never.
        STRICT("Strict"),
        /// When the user follows a link.
        LAX("Lax"),
        /// Always; such a cookie has to be secure.
        NONE("None");

        private final String text;

        SameSite(String text) {
            this.text = text;
        }
    }

    private final String name;
    private final String value;
    private final Attributes attributes;

    private record Attributes(
            @Nullable String domain,
            String path,
            @Nullable Duration maxAge,
            boolean secure,
            boolean httpOnly,
            SameSite sameSite) {}

    private Cookie(String name, String value, Attributes attributes) {
        this.name = name;
        this.value = value;
        this.attributes = attributes;
    }

    /// {@return a cookie}
    /// @param name a token
    /// @param value visible ASCII characters but for quotes, commas, semicolons and backslashes
    /// @throws IllegalArgumentException if `name` or `value` has other characters, or both are longer than 4,096 characters
    public static Cookie of(String name, String value) {
        checkName(name);
        checkValue(name, value);
        return new Cookie(name, value, new Attributes(null, "/", null, true, true, SameSite.LAX));
    }

    private static void checkName(String name) {
        boolean isToken = !requireNonNull(name, "name").isEmpty()
                && name.chars().allMatch(c -> (c < 0x80 && Character.isLetterOrDigit(c)) || "!#$%&'*+-.^_`|~".indexOf(c) >= 0);
        if (!isToken) {
            throw new IllegalArgumentException("the name of a cookie is a token: \"" + plain(name) + '"');
        }
    }

    private static void checkValue(String name, String value) {
        boolean isValue = requireNonNull(value, "value")
                .chars()
                .allMatch(c -> c > ' ' && c < 0x7f && c != '"' && c != ',' && c != ';' && c != '\\');
        if (!isValue) {
            throw new IllegalArgumentException("the value of a cookie has visible ASCII characters"
                    + " but for quotes, commas, semicolons and backslashes: " + name);
        }
        if (name.length() + value.length() > MOST) {
            throw new IllegalArgumentException("name and value of a cookie have " + MOST + " characters at most: " + name
                    + " has " + (name.length() + value.length()));
        }
    }

    private static String plain(String text) {
        return text.replaceAll("[^ -~]", "?");
    }

    // ---- withers

    private Cookie with(Attributes changed) {
        return new Cookie(name, value, changed);
    }

    /// {@return this for all hosts below a domain}
    /// @param domain such as `example.org`
    /// @throws IllegalArgumentException if it is no domain
    public Cookie withDomain(String domain) {
        if (!requireNonNull(domain, "domain").matches("[A-Za-z0-9-]+(\\.[A-Za-z0-9-]+)+")) {
            throw new IllegalArgumentException("a domain has letters, digits, dashes and dots: \"" + plain(domain) + '"');
        }
        Attributes a = attributes;
        return with(new Attributes(domain.toLowerCase(Locale.ROOT), a.path, a.maxAge, a.secure, a.httpOnly, a.sameSite));
    }

    /// {@return this for another path, and those below it}
    /// @param path begins with a slash
    /// @throws IllegalArgumentException if it does not, or has semicolons or other than visible ASCII characters
    public Cookie withPath(String path) {
        boolean isPath = requireNonNull(path, "path").startsWith("/")
                && path.length() <= 1_024
                && path.chars().allMatch(c -> c > ' ' && c < 0x7f && c != ';');
        if (!isPath) {
            throw new IllegalArgumentException("the path of a cookie begins with a slash, and has up to 1,024 visible ASCII"
                    + " characters but for semicolons: \"" + plain(path) + '"');
        }
        Attributes a = attributes;
        return with(new Attributes(a.domain, path, a.maxAge, a.secure, a.httpOnly, a.sameSite));
    }

    /// {@return this, kept for so long} Browsers keep a cookie for 400 days at most.
    /// @param age how long, by the second; zero removes it
    /// @throws IllegalArgumentException if `age` is negative
    public Cookie withMaxAge(Duration age) {
        if (requireNonNull(age, "age").isNegative()) {
            throw new IllegalArgumentException("the age of a cookie must not be negative: " + age);
        }
        Attributes a = attributes;
        return with(new Attributes(a.domain, a.path, age, a.secure, a.httpOnly, a.sameSite));
    }

    /// {@return this with another rule for requests that other sites cause}
    /// @param rule the rule
    public Cookie withSameSite(SameSite rule) {
        Attributes a = attributes;
        return with(new Attributes(
                a.domain, a.path, a.maxAge, a.secure, a.httpOnly, requireNonNull(rule, "rule")));
    }

    /// {@return this, also sent over connections that anybody can read}
    public Cookie insecure() {
        Attributes a = attributes;
        return with(new Attributes(a.domain, a.path, a.maxAge, false, a.httpOnly, a.sameSite));
    }

    /// {@return this, seen by the scripts of a page, too}
    public Cookie forScripts() {
        Attributes a = attributes;
        return with(new Attributes(a.domain, a.path, a.maxAge, a.secure, false, a.sameSite));
    }

    /// {@return this with another value}
    /// @param value as for [#of]
    /// @throws IllegalArgumentException as [#of]
    public Cookie withValue(String value) {
        checkValue(name, value);
        return new Cookie(name, value, attributes);
    }

    /// {@return what removes this cookie from a client}
    public Cookie removal() {
        return withValue("").withMaxAge(Duration.ZERO);
    }

    // ---- as a header

    /// {@return its name}
    public String name() {
        return name;
    }

    /// {@return its value}
    public String value() {
        return value;
    }

    /// {@return how long a client keeps it; empty: until the browser ends}
    public Optional<Duration> maxAge() {
        return Optional.ofNullable(attributes.maxAge);
    }

    /// {@return the value of a `Set-Cookie` header}
    /// @throws IllegalArgumentException if the attributes break what its name promises, or `SameSite=None` is not secure
    String header() {
        checkPromises();
        Attributes a = attributes;
        var header = new StringBuilder(name).append('=').append(value).append("; Path=").append(a.path);
        if (a.domain != null) {
            header.append("; Domain=").append(a.domain);
        }
        if (a.maxAge != null) {
            header.append("; Max-Age=").append(a.maxAge.toSeconds());
        }
        header.append(a.secure ? "; Secure" : "").append(a.httpOnly ? "; HttpOnly" : "");
        return header.append("; SameSite=").append(a.sameSite.text).toString();
    }

    private void checkPromises() {
        String lower = name.toLowerCase(Locale.ROOT);
        if (lower.startsWith("__secure-") && !attributes.secure) {
            throw new IllegalArgumentException("a cookie whose name begins with __Secure- is secure: " + name);
        }
        boolean isOfHost = attributes.secure && attributes.domain == null && attributes.path.equals("/");
        if (lower.startsWith("__host-") && !isOfHost) {
            throw new IllegalArgumentException(
                    "a cookie whose name begins with __Host- is secure, for all paths, and has no domain: " + name);
        }
        if (attributes.sameSite == SameSite.NONE && !attributes.secure) {
            throw new IllegalArgumentException("a cookie that other sites may send is secure: " + name);
        }
    }

    /// {@return its name, since its value may be secret}
    @Override
    public String toString() {
        return "cookie " + name;
    }
}
