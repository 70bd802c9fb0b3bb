package dev.thrum.json;

import static java.util.Objects.requireNonNull;

import dev.thrum.http.HttpException;
import dev.thrum.http.Request;
import dev.thrum.http.Response;
import dev.thrum.kernel.Submitter;
import dev.thrum.promise.Promise;
import dev.thrum.scope.Key;
import dev.thrum.scope.Scope;
import dev.thrum.web.Plugin;
import dev.thrum.web.WebApp;
import java.util.Locale;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.cfg.MapperConfig;
import tools.jackson.databind.introspect.AnnotatedMember;
import tools.jackson.databind.introspect.AnnotatedParameter;
import tools.jackson.databind.introspect.JacksonAnnotationIntrospector;
import tools.jackson.databind.json.JsonMapper;

/// JSON in requests and answers, with records (Wookie's `post-var` for JSON, and more).
///
/// ```java
/// public record Person(String name, int age) {}
///
/// app.install(Json.standard())
///         .post("/people", (request, response) ->
///                 Json.send(response.status(201), Json.read(request, Person.class).map(people::add)));
/// ```
///
/// Reading is strict: every component has to be there, unless it is an `Optional`; what is not known is refused, and so are names
/// that stand twice. What a client has sent wrongly it is told as problem details (RFC 9457), with the place of each thing in the
/// member `errors`, and without anything from inside: 400 for what is no JSON, 422 for what is not the JSON that is wanted, 415 for
/// another type, 413 for what is too large or too deep. What a constructor throws as an [IllegalArgumentException] is an error
/// whose message the client sees; a [Checked] value may tell several. A 422 tells everything that is wrong in a body below 64 KiB, of
/// records and whatever they hold, a hundred things at most: first what is missing, unknown or of a wrong type, and once nothing is,
/// what a value says of itself.
///
/// **Limits.** [dev.thrum.http.Limits#body] for the whole; 64 for the depth; 1,000 characters for a name, 100 for a number; as many
/// for a text as the body has.
/// **Threads.** A body is read, and an answer written, on the loop; from 64 KiB on, by the kernel that [#on] names. What takes
/// a request belongs to whoever handles it, one thread at a time.
/// A module whose records are read opens their package to `tools.jackson.databind`.
public final class Json implements Plugin {
    private static final String TYPE = "application/json";
    private static final int SMALL = 64 << 10;
    private static final Key<Json> INSTALLED = Key.of("Json");

    private final Config config;
    private final JsonMapper mapper;
    private final @Nullable Submitter kernel;

    private record Config(int depth, boolean strict) {}

    private Json(Config config, JsonMapper mapper, @Nullable Submitter kernel) {
        this.config = config;
        this.mapper = mapper;
        this.kernel = kernel;
    }

    /// {@return the plugin, strict, with its standard limits}
    public static Json standard() {
        return of(new Config(64, true), null);
    }

    private static Json of(Config config, @Nullable Submitter kernel) {
        StreamReadConstraints limits = StreamReadConstraints.builder()
                .maxNestingDepth(config.depth)
                .maxNameLength(1_000)
                .maxNumberLength(100)
                .maxStringLength(Integer.MAX_VALUE) // bounded by the body
                .build();
        JsonMapper.Builder builder = JsonMapper.builder(JsonFactory.builder().streamReadConstraints(limits).build());
        if (config.strict) {
            builder.annotationIntrospector(new Required());
        }
        JsonMapper mapper = builder
                .configure(StreamReadFeature.STRICT_DUPLICATE_DETECTION, config.strict)
                .configure(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION, false)
                .configure(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES, config.strict)
                .configure(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES, config.strict)
                .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .build();
        return new Json(config, mapper, kernel);
    }

    /// {@return this with another limit for the depth of arrays and objects}
    /// @param most 1..1,000
    /// @throws IllegalArgumentException if `most` is not within its range
    public Json withDepth(int most) {
        if (most < 1 || most > 1_000) {
            throw new IllegalArgumentException("depth must be 1..1000: " + most);
        }
        return of(new Config(most, config.strict), kernel);
    }

    /// {@return this, which ignores what it does not know, and lets components be missing} They are null then.
    public Json lenient() {
        return of(new Config(config.depth, false), kernel);
    }

    /// {@return this with bodies of 64 KiB or more read by a kernel}
    /// @param submitter reads them
    public Json on(Submitter submitter) {
        return new Json(config, mapper, requireNonNull(submitter, "submitter"));
    }

    /// {@return this with a mapper that is set up further} After [#withDepth] and [#lenient], which make a new one.
    /// @param setUp gets the builder of the mapper, with everything above
    public Json withMapper(UnaryOperator<JsonMapper.Builder> setUp) {
        return new Json(config, setUp.apply(mapper.rebuild()).build(), kernel);
    }

    @Override
    public Optional<Record> configuration() {
        return Optional.of(config);
    }

    @Override
    public void install(WebApp app) {
        app.bind(INSTALLED, this);
    }

    private static Json installed() {
        return Scope.current()
                .get(INSTALLED)
                .orElseThrow(() -> new IllegalStateException("no request of an application that has installed Json is in work here:"
                        + " app.install(Json.standard())"));
    }

    // ---- for handlers

    /// {@return the body as a value, at the home of the caller} Rejected as [Request#bytes], and with an [HttpException] of 400,
    /// 413, 415 or 422: see above.
    /// @param <T> the type of the value
    /// @param request the request
    /// @param type its class: a record, or whatever else Jackson knows
    /// @throws IllegalStateException if the application has not installed this plugin, or the body was asked for otherwise
    public static <T> Promise<T> read(Request request, Class<T> type) {
        requireNonNull(type, "type");
        Json json = installed();
        checkType(request);
        return request.bytes().then(bytes -> json.kernel == null || bytes.length < SMALL
                ? Promise.of(json.value(bytes, type))
                : json.kernel.submit(() -> json.value(bytes, type)));
    }

    private static void checkType(Request request) {
        String type = request.header("Content-Type").orElse("").split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
        if (!type.equals(TYPE) && !(type.startsWith("application/") && type.endsWith("+json"))) {
            throw new HttpException(415, "this body is " + TYPE).withHeader("Accept-Post", TYPE);
        }
    }

    private <T> T value(byte[] bytes, Class<T> type) {
        T value;
        try {
            value = mapper.readValue(bytes, type);
        } catch (RuntimeException problem) {
            throw wrong(bytes, type, Mistakes.answer(problem));
        }
        if (value == null) {
            throw new HttpException(422, "the body must not be null");
        }
        Errors errors = new Errors();
        if (value instanceof Checked checked) {
            checked.check(errors);
        }
        if (!errors.isEmpty()) {
            throw errors.problem();
        }
        return value;
    }

    private RuntimeException wrong(byte[] bytes, Class<?> type, RuntimeException first) {
        return first instanceof HttpException mistake && mistake.status() == 422 && bytes.length < SMALL
                ? new Binding(mapper, config.strict).all(bytes, type, mistake)
                : first;
    }

    /// Sends a value as JSON.
    /// @param response the answer
    /// @param value the value; a promise is sent when it is there, and if it is rejected, [Response#fail] answers
    /// @throws tools.jackson.core.JacksonException if the value cannot be written
    /// @throws IllegalStateException if the application has not installed this plugin, or the answer has been started or sent
    public static void send(Response response, Object value) {
        Json json = installed();
        requireNonNull(value, "value");
        if (value instanceof Promise<?> later) {
            response.header("Content-Type", TYPE).send(later.map(json.mapper::writeValueAsBytes));
        } else {
            byte[] bytes = json.mapper.writeValueAsBytes(value);
            response.header("Content-Type", TYPE).send(bytes);
        }
    }

    /// Finds that every component has to be there, unless it is optional: also one of a primitive type, which would be zero.
    private static final class Required extends JacksonAnnotationIntrospector {
        private static final long serialVersionUID = 1L;

        @Override
        public Boolean hasRequiredMarker(MapperConfig<?> mapper, AnnotatedMember member) {
            return member instanceof AnnotatedParameter && !Optional.class.equals(member.getRawType());
        }
    }
}
