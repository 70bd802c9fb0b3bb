package dev.thrum.plugins;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import dev.thrum.http.HttpException;
import dev.thrum.http.Request;
import dev.thrum.promise.Promise;
import dev.thrum.web.Event;
import dev.thrum.web.Plugin;
import dev.thrum.web.WebApp;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Asks who a client is before a route is looked for: by name and password (RFC 7617), or by a token (RFC 6750).
///
/// ```java
/// app.install(Authentication.of("photos")
///                 .withBasic((user, password) -> kernel.submit(() -> users.check(user, password)))
///                 .withBearer(token -> tokens.find(token))
///                 .below("/admin"))
///         .get("/admin/me", (request, response) -> response.send(User.of(request).orElseThrow().name()));
/// ```
///
/// What checks the credentials answers with a promise, so it may take its time elsewhere: the request waits, the loop does not. Who
/// it is, handlers read by [User#of(Request)]. Without credentials, and with wrong ones, the answer is a 401 that says how to ask;
/// with malformed ones a 400. The paths that are protected are compared with the canonical path, by whole segments, so no other way
/// to write a path leads around.
///
/// **Threads.** Immutable. The checks are called on the loop, and must not block.
/// **Failure.** A check that fails, or is rejected, is answered as if a handler had: nobody gets in.
public final class Authentication implements Plugin {
    private final Config config;
    private final @Nullable BiFunction<? super String, ? super String, ? extends Promise<Optional<User>>> basic;
    private final @Nullable Function<? super String, ? extends Promise<Optional<User>>> bearer;

    private record Config(String realm, List<String> below, boolean optional) {}

    private Authentication(
            Config config,
            @Nullable BiFunction<? super String, ? super String, ? extends Promise<Optional<User>>> basic,
            @Nullable Function<? super String, ? extends Promise<Optional<User>>> bearer) {
        this.config = config;
        this.basic = basic;
        this.bearer = bearer;
    }

    /// {@return the plugin, which lets nobody in until it knows how to ask}
    /// @param realm what browsers show: letters, digits, spaces and dashes
    /// @throws IllegalArgumentException if `realm` has other characters
    public static Authentication of(String realm) {
        if (!requireNonNull(realm, "realm").matches("[A-Za-z0-9 ._-]+")) {
            throw new IllegalArgumentException("a realm has letters, digits, spaces, dots and dashes: " + realm);
        }
        return new Authentication(new Config(realm, List.of(), false), null, null);
    }

    /// {@return this, which takes names and passwords}
    /// @param check gets both; says who it is, or nothing if they are wrong
    public Authentication withBasic(
            BiFunction<? super String, ? super String, ? extends Promise<Optional<User>>> check) {
        return new Authentication(config, requireNonNull(check, "check"), bearer);
    }

    /// {@return this, which takes tokens}
    /// @param check gets the token; says who it is, or nothing if it is wrong
    public Authentication withBearer(Function<? super String, ? extends Promise<Optional<User>>> check) {
        return new Authentication(config, basic, requireNonNull(check, "check"));
    }

    /// {@return this for the paths below one only} Several add up.
    /// @param path such as `/admin`, which is one of them
    /// @throws IllegalArgumentException if it does not begin with a slash
    public Authentication below(String path) {
        if (!requireNonNull(path, "path").startsWith("/")) {
            throw new IllegalArgumentException("a path begins with a slash: " + path);
        }
        List<String> more = new ArrayList<>(config.below);
        more.add(path.endsWith("/") ? path.substring(0, path.length() - 1) : path);
        return new Authentication(new Config(config.realm, List.copyOf(more), config.optional), basic, bearer);
    }

    /// {@return this, which lets clients pass that send no credentials, as nobody}
    public Authentication optional() {
        return new Authentication(new Config(config.realm, config.below, true), basic, bearer);
    }

    /// {@return whether two secrets are equal, in a time that does not tell where they differ}
    /// @param one a secret
    /// @param other another
    public static boolean same(String one, String other) {
        return MessageDigest.isEqual(one.getBytes(UTF_8), other.getBytes(UTF_8));
    }

    @Override
    public Optional<Record> configuration() {
        return Optional.of(config);
    }

    @Override
    public void install(WebApp app) {
        app.awaiting(Event.PreRoute.class, "authentication", event -> authenticate(event.request()));
    }

    private Promise<?> authenticate(Request request) {
        if (!isProtected(request.path())) {
            return Promise.of(true);
        }
        List<String> headers = request.headers().all("Authorization");
        if (headers.size() > 1) {
            throw new HttpException(400, "a request has one Authorization");
        }
        if (headers.isEmpty()) {
            if (config.optional) {
                return Promise.of(true);
            }
            throw refusal();
        }
        return check(headers.getFirst()).map(found -> {
            request.put(User.KEY, found.orElseThrow(this::refusal));
            return true;
        });
    }

    private boolean isProtected(String path) {
        return config.below.isEmpty()
                || config.below.stream().anyMatch(start -> path.equals(start) || path.startsWith(start + "/"));
    }

    private Promise<Optional<User>> check(String header) {
        int space = header.indexOf(' ');
        String scheme = space < 0 ? header : header.substring(0, space);
        String credentials = space < 0 ? "" : header.substring(space + 1).strip();
        if (basic != null && scheme.equalsIgnoreCase("Basic")) {
            String pair = decoded(credentials);
            int colon = pair.indexOf(':');
            if (colon < 0) {
                throw new HttpException(400, "a name and a password have a colon between them");
            }
            return basic.apply(pair.substring(0, colon), pair.substring(colon + 1)).map(found -> found);
        }
        if (bearer != null && scheme.equalsIgnoreCase("Bearer")) {
            if (!credentials.matches("[A-Za-z0-9._~+/-]+=*")) {
                throw new HttpException(400, "a token has letters, digits and - . _ ~ + /");
            }
            return bearer.apply(credentials).map(found -> found);
        }
        throw refusal();
    }

    private static String decoded(String credentials) {
        try {
            byte[] bytes = Base64.getDecoder().decode(credentials);
            return UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (IllegalArgumentException | CharacterCodingException malformed) {
            throw new HttpException(400, "a name and a password are sent as UTF-8 in base64", malformed);
        }
    }

    private HttpException refusal() {
        var refusal = new HttpException(401, "who are you?");
        if (basic != null) {
            refusal = refusal.withHeader("WWW-Authenticate", "Basic realm=\"" + config.realm + "\", charset=\"UTF-8\"");
        }
        if (bearer != null) {
            refusal = refusal.withHeader("WWW-Authenticate", "Bearer realm=\"" + config.realm + "\"");
        }
        return refusal;
    }
}
