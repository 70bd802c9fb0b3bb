package dev.thrum.json;

import static java.util.stream.Collectors.joining;

import dev.thrum.http.HttpException;
import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.core.exc.InputCoercionException;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.databind.exc.InvalidDefinitionException;
import tools.jackson.databind.exc.InvalidFormatException;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;
import tools.jackson.databind.exc.ValueInstantiationException;

/// Says in our own words what a client has done wrong: the library's words name our classes.
final class Mistakes {
    static final String UNKNOWN = "is not known here";
    static final String MISSING = "is required";

    private Mistakes() {}

    /// {@return the answer to what the mapper has thrown; itself, if the mistake is ours}
    static RuntimeException answer(RuntimeException problem) {
        return switch (problem) {
            case StreamConstraintsException e -> new HttpException(413, "the body is too deep, or a name or number in it too long"
                    + " (limit json)", e);
            case InputCoercionException e -> unwanted(e, wanted(e.getTargetType())); // JSON, but more than fits
            case StreamReadException e -> new HttpException(400, "the body is no JSON" + place(e), e);
            case InvalidDefinitionException ours -> ours;
            case UnrecognizedPropertyException e -> unwanted(e, UNKNOWN);
            case ValueInstantiationException e -> unwanted(e, rule(e));
            case InvalidFormatException e -> unwanted(e, wanted(e.getTargetType()));
            case MismatchedInputException e -> unwanted(e, isMissing(e) ? MISSING : wanted(e.getTargetType()));
            case JacksonException e -> unwanted(e, "is not acceptable");
            default -> problem;
        };
    }

    private static String place(JacksonException e) {
        return e.getLocation() == null
                ? ""
                : " (line " + e.getLocation().getLineNr() + ", column " + e.getLocation().getColumnNr() + ")";
    }

    private static HttpException unwanted(JacksonException problem, String detail) {
        return new HttpException(422, Errors.UNWANTED, problem).withError(pointer(problem), detail);
    }

    /// {@return where, as a JSON pointer (RFC 6901)}
    private static String pointer(JacksonException problem) {
        return problem.getPath().stream()
                .map(step -> step.getPropertyName() == null ? "/" + step.getIndex() : step(step.getPropertyName()))
                .collect(joining());
    }

    /// {@return the part of a JSON pointer that leads to a member}
    static String step(String name) {
        return "/" + name.replace("~", "~0").replace("/", "~1");
    }

    /// {@return what the constructor of a value says of its arguments}
    private static String rule(ValueInstantiationException e) {
        return e.getCause() instanceof IllegalArgumentException rule
                ? Optional.ofNullable(rule.getMessage()).orElse("is not acceptable")
                : "is not acceptable";
    }

    private static boolean isMissing(MismatchedInputException e) {
        String message = e.getOriginalMessage();
        return message.startsWith("Null value for creator property")
                || message.startsWith("Missing required creator property")
                || message.startsWith("Cannot map `null` into type");
    }

    private static String wanted(Class<?> type) {
        if (type == null) {
            return "is not acceptable";
        }
        if (type.isEnum()) {
            return "must be one of "
                    + Arrays.stream(type.getEnumConstants()).map(Object::toString).collect(joining(", "));
        }
        if (type == boolean.class || type == Boolean.class) {
            return "must be true or false";
        }
        if (Stream.of(int.class, Integer.class, long.class, Long.class, short.class, Short.class, byte.class, Byte.class)
                .anyMatch(type::equals)) {
            return "must be a whole number that is not too large";
        }
        if (Number.class.isAssignableFrom(type) || type.isPrimitive()) {
            return "must be a number";
        }
        if (CharSequence.class.isAssignableFrom(type)) {
            return "must be a text";
        }
        if (Collection.class.isAssignableFrom(type) || type.isArray()) {
            return "must be an array";
        }
        return type.isRecord() || Map.class.isAssignableFrom(type) ? "must be an object" : "is not acceptable";
    }
}
