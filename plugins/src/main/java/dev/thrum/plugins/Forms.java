package dev.thrum.plugins;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.thrum.http.HttpException;
import dev.thrum.http.Request;
import dev.thrum.promise.Promise;
import dev.thrum.scope.Key;
import dev.thrum.web.Plugin;
import dev.thrum.web.WebApp;
import java.util.Optional;

/// The variables of queries and forms (Wookie's plugins `get`, `post` and `http-var`).
///
/// ```java
/// app.install(Forms.standard())
///         .get("/search", (request, response) ->
///                 response.send(search(Forms.query(request).first("q").orElse(""))))
///         .post("/users", (request, response) ->
///                 response.send(Forms.form(request).map(form -> create(form.first("name")))));
/// ```
///
/// They are read when somebody asks, once for each request. A form is `application/x-www-form-urlencoded`, or
/// `multipart/form-data` if [Multipart] is installed, too; a body of another type is left to others, and has no variables.
/// Text is UTF-8.
///
/// **Limits.** The number of variables, 1,000 unless said otherwise: 413 for a form, 414 for a query. The length is limited by
/// [dev.thrum.http.Limits#body] and [dev.thrum.http.Limits#requestLine].
/// **Failure.** What is not well-formed is a [HttpException] of 400; a charset other than UTF-8 one of 415.
/// **Threads.** The methods that take a request belong to whoever handles it, one thread at a time. Nothing blocks.
public final class Forms implements Plugin {
    static final String URL_ENCODED = "application/x-www-form-urlencoded";

    private static final Key<Forms> INSTALLED = Key.of("Forms");
    private static final Key<Variables> QUERY = Key.of("query variables");
    private static final Key<Promise<Variables>> FORM = Key.of("form variables");

    private final Config config;

    private record Config(int fields) {
        Config {
            if (fields < 1) {
                throw new IllegalArgumentException("fields must be 1 or more: " + fields);
            }
        }
    }

    private Forms(Config config) {
        this.config = config;
    }

    /// {@return the plugin with its standard limits}
    public static Forms standard() {
        return new Forms(new Config(1_000));
    }

    /// {@return this with another limit for the number of variables}
    /// @param most 1 or more, in a query and in a form
    /// @throws IllegalArgumentException if `most` is not positive
    public Forms withFields(int most) {
        return new Forms(new Config(most));
    }

    @Override
    public Optional<Record> configuration() {
        return Optional.of(config);
    }

    @Override
    public void install(WebApp app) {
        app.bind(INSTALLED, this);
    }

    // ---- for handlers

    /// {@return the variables of the query (Wookie's `get-var`)}
    /// @param request the request
    /// @throws HttpException with status 400 if the query is not well-formed, 414 if it has too many variables
    /// @throws IllegalStateException if the application has not installed this plugin
    public static Variables query(Request request) {
        Forms forms = Installed.find(INSTALLED);
        return request.get(QUERY).orElseGet(() -> {
            Variables read = UrlEncoded.parse(request.query().orElse(""), forms.config.fields(), 414);
            request.put(QUERY, read);
            return read;
        });
    }

    /// {@return the variables of the form that is the body, once it is there (Wookie's `post-var` and `form-var`)} Rejected as
    /// [Request#bytes], and with an [HttpException] of 400, 413 or 415: see above.
    /// Files of the form are told by [Multipart#form].
    /// @param request the request
    /// @throws IllegalStateException if the application has not installed this plugin, or the body was asked for otherwise
    public static Promise<Variables> form(Request request) {
        Forms forms = Installed.find(INSTALLED);
        return request.get(FORM).orElseGet(() -> {
            Promise<Variables> reading = Multipart.fields(request).orElseGet(() -> forms.read(request));
            request.put(FORM, reading);
            return reading;
        });
    }

    /// {@return the variables of the query and of the form in one view, those of the query first (Wookie's `http-var`)}
    /// @param request the request
    /// @throws IllegalStateException as [#form]
    public static Promise<Variables> all(Request request) {
        return form(request).map(form -> query(request).and(form));
    }

    private Promise<Variables> read(Request request) {
        Optional<MediaType> type = MediaType.of(request);
        if (type.isEmpty() || !type.get().is(URL_ENCODED)) {
            return Promise.of(Variables.none());
        }
        String charset = type.get().parameter("charset").orElse("utf-8");
        if (!charset.equalsIgnoreCase("utf-8")) {
            throw new HttpException(415, "a form must be UTF-8").withHeader("Accept-Post", URL_ENCODED);
        }
        return request.bytes().map(bytes -> UrlEncoded.parse(new String(bytes, ISO_8859_1), config.fields(), 413));
    }
}
