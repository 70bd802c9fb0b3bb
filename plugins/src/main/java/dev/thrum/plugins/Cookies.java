package dev.thrum.plugins;

import static java.util.Objects.requireNonNull;

import dev.thrum.http.Request;
import dev.thrum.http.Response;
import dev.thrum.scope.Key;
import dev.thrum.web.Plugin;
import dev.thrum.web.WebApp;
import java.util.Optional;

/// Cookies, plain and signed (Wookie's plugin `cookie`).
///
/// ```java
/// app.install(Cookies.signedBy(secrets))
///         .get("/", (request, response) -> {
///             String user = Cookies.readSigned(request, "user").orElse("stranger");
///             Cookies.setSigned(response, Cookie.of("user", user).withMaxAge(Duration.ofDays(1)));
///             response.send("hello, " + user);
///         });
/// ```
///
/// [#read] and [#set] need no plugin; signatures need its [Secrets]. A signed cookie can be read by the client, but not made or
/// changed by it, nor given to us under another name.
///
/// A client that sends rubbish harms nobody: what is no pair of a name and a value is left out. Quotes around a value are taken
/// off, and hide nothing: a semicolon always ends it. Of several cookies of a name, the first is the one of the longest path.
///
/// **Threads.** The methods that take a request belong to whoever handles it, one thread at a time. Nothing blocks.
public final class Cookies implements Plugin {
    private static final int MOST_OF_A_NAME = 16; // whose signature is looked at
    private static final Key<Cookies> INSTALLED = Key.of("Cookies");
    private static final Key<Variables> READ = Key.of("cookies");

    private final Secrets secrets;

    private Cookies(Secrets secrets) {
        this.secrets = requireNonNull(secrets, "secrets");
    }

    /// {@return the plugin}
    /// @param secrets sign cookies
    public static Cookies signedBy(Secrets secrets) {
        return new Cookies(secrets);
    }

    @Override
    public void install(WebApp app) {
        app.bind(INSTALLED, this);
    }

    // ---- for handlers

    /// {@return the cookies of a request (Wookie's `cookie-var`)}
    /// @param request the request
    public static Variables read(Request request) {
        return request.get(READ).orElseGet(() -> {
            var cookies = new Variables.Builder();
            request.headers().all("Cookie").forEach(header -> parse(header, cookies));
            Variables read = cookies.build();
            request.put(READ, read);
            return read;
        });
    }

    static void parse(String header, Variables.Builder cookies) {
        int from = 0;
        while (from < header.length()) {
            int semicolon = header.indexOf(';', from);
            int end = semicolon < 0 ? header.length() : semicolon;
            int equals = header.indexOf('=', from, end);
            if (equals > from) {
                String name = header.substring(from, equals).strip();
                if (!name.isEmpty()) {
                    cookies.add(name, unquoted(header.substring(equals + 1, end).strip()));
                }
            }
            from = end + 1;
        }
    }

    private static String unquoted(String value) {
        boolean quoted = value.length() > 1 && value.startsWith("\"") && value.endsWith("\"");
        return quoted ? value.substring(1, value.length() - 1) : value;
    }

    /// Sends a cookie with an answer, beside others (Wookie's `set-cookie`).
    /// @param response the answer
    /// @param cookie the cookie
    /// @throws IllegalArgumentException if its attributes break what its name promises, or other sites may send it though it is
    ///     not secure
    /// @throws IllegalStateException if the answer has been started or sent
    public static void set(Response response, Cookie cookie) {
        response.addHeader("Set-Cookie", cookie.header());
    }

    /// {@return the value of a cookie that we have signed; empty if there is none, or it is not from us}
    /// @param request the request
    /// @param name the name of the cookie
    /// @throws IllegalStateException if the application has not installed this plugin
    public static Optional<String> readSigned(Request request, String name) {
        Secrets secrets = Installed.find(INSTALLED).secrets;
        return read(request).all(name).stream()
                .limit(MOST_OF_A_NAME)
                .flatMap(value -> secrets.verify(purpose(name), value).stream())
                .findFirst();
    }

    /// Sends a cookie with its value signed, 44 characters longer.
    /// @param response the answer
    /// @param cookie the cookie
    /// @throws IllegalArgumentException as [#set], or if it becomes longer than 4,096 characters
    /// @throws IllegalStateException if the answer has been started or sent, or the application has not installed this plugin
    public static void setSigned(Response response, Cookie cookie) {
        Secrets secrets = Installed.find(INSTALLED).secrets;
        set(response, cookie.withValue(secrets.sign(purpose(cookie.name()), cookie.value())));
    }

    private static String purpose(String name) {
        return "cookie " + name;
    }
}
