package dev.thrum.json;

import static java.util.Objects.requireNonNull;

import dev.thrum.http.HttpException;
import java.util.ArrayList;
import java.util.List;

/// What is wrong with a value, each thing with its place. A client gets all of it in one answer.
///
/// **Threads.** One thread at a time.
public final class Errors {
    static final int MOST = 100; // in an answer
    static final String UNWANTED = "the body is not what is wanted here";


    private final String prefix;
    private final List<Mistake> found;

    private record Mistake(String pointer, String detail) {}

    Errors() {
        this("", new ArrayList<>());
    }

    private Errors(String prefix, List<Mistake> found) {
        this.prefix = prefix;
        this.found = found;
    }

    /// Notes that something is wrong.
    /// @param pointer where, as a JSON pointer (RFC 6901) such as `/age`; empty for the value as a whole
    /// @param detail what, for the client to see: nothing from inside, nothing secret
    public void add(String pointer, String detail) {
        found.add(new Mistake(prefix + requireNonNull(pointer, "pointer"), requireNonNull(detail, "detail")));
    }

    /// Notes that something is wrong, unless it is right.
    /// @param right whether it is
    /// @param pointer as for [#add]
    /// @param detail as for [#add]
    public void unless(boolean right, String pointer, String detail) {
        if (!right) {
            add(pointer, detail);
        }
    }

    /// Lets a part of the value say what is wrong with it.
    /// @param pointer where the part is
    /// @param part the part
    public void in(String pointer, Checked part) {
        part.check(new Errors(prefix + requireNonNull(pointer, "pointer"), found));
    }

    /// {@return whether nothing is wrong}
    public boolean isEmpty() {
        return found.isEmpty();
    }

    int size() {
        return found.size();
    }

    /// {@return whether each place that `problem` names is among these} The parser does not always know the place.
    boolean coverAllOf(HttpException problem) {
        List<String> places = new ArrayList<>();
        problem.forEachError((pointer, detail) -> {
            if (!pointer.isEmpty()) {
                places.add(pointer);
            }
        });
        return !found.isEmpty() && found.stream().map(Mistake::pointer).toList().containsAll(places);
    }

    /// {@return the answer that tells all of it}
    HttpException problem() {
        return tell(new HttpException(422, UNWANTED));
    }

    /// {@return the answer that tells all of it}
    /// @param cause not shown to the client
    HttpException problem(Throwable cause) {
        return tell(new HttpException(422, UNWANTED, cause));
    }

    private HttpException tell(HttpException empty) {
        HttpException problem = empty;
        for (Mistake error : found.subList(0, Math.min(found.size(), MOST))) {
            problem = problem.withError(error.pointer, error.detail);
        }
        return problem;
    }
}
