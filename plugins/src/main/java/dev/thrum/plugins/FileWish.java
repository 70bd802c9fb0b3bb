package dev.thrum.plugins;

import dev.thrum.http.Method;
import dev.thrum.http.Request;
import java.time.Instant;
import java.util.Optional;

/// What a request says of the file it wants: only if it has changed, only a part of it, packed in some way. Read on the loop, judged
/// on the lane.
record FileWish(
        boolean head,
        Optional<String> ifMatch,
        Optional<String> ifUnmodifiedSince,
        Optional<String> ifNoneMatch,
        Optional<String> ifModifiedSince,
        Optional<String> ifRange,
        Optional<String> range,
        AcceptedCodings codings) {

    static FileWish of(Request request) {
        boolean head = request.method().equals(Method.HEAD);
        return new FileWish(
                head,
                joined(request, "If-Match"),
                request.header("If-Unmodified-Since"),
                joined(request, "If-None-Match"),
                request.header("If-Modified-Since"),
                request.header("If-Range"),
                head ? Optional.empty() : request.header("Range"), // defined for GET only
                AcceptedCodings.of(joined(request, "Accept-Encoding")));
    }

    private static Optional<String> joined(Request request, String name) {
        return request.headers().has(name)
                ? Optional.of(String.join(",", request.headers().all(name)))
                : Optional.empty();
    }

    /// {@return the status that answers the conditions (RFC 9110 §13.2.2): 200 if they hold, else 304 or 412}
    int judge(String tag, Instant modified) {
        if (ifMatch.isPresent()) {
            if (!matches(ifMatch.get(), tag, false)) {
                return 412;
            }
        } else if (ifUnmodifiedSince.flatMap(HttpDates::parse).filter(date -> isLater(modified, date)).isPresent()) {
            return 412;
        }
        if (ifNoneMatch.isPresent()) {
            return matches(ifNoneMatch.get(), tag, true) ? 304 : 200;
        }
        return ifModifiedSince.flatMap(HttpDates::parse).filter(date -> !isLater(modified, date)).isPresent() ? 304 : 200;
    }

    /// {@return the status that answers the conditions, of something that has a tag, and no date}
    int judge(String tag) {
        if (ifMatch.isPresent() && !matches(ifMatch.get(), tag, false)) {
            return 412;
        }
        return ifNoneMatch.filter(list -> matches(list, tag, true)).isPresent() ? 304 : 200;
    }

    private static boolean isLater(Instant modified, Instant date) {
        return HttpDates.seconds(modified).isAfter(date);
    }

    /// {@return whether a list of tags has `tag`, which is a strong one}
    private static boolean matches(String list, String tag, boolean weakly) {
        if (list.strip().equals("*")) {
            return true;
        }
        for (String each : list.split(",", -1)) { // no tag of ours has a comma
            String other = each.strip();
            if (other.equals(tag) || (weakly && other.equals("W/" + tag))) {
                return true;
            }
        }
        return false;
    }

    /// {@return what is asked of the file in parts, if the client has the same file as we}
    Optional<String> rangeOf(String tag, Instant modified) {
        boolean same = ifRange.isEmpty()
                || ifRange.get().equals(tag)
                || HttpDates.parse(ifRange.get()).filter(HttpDates.seconds(modified)::equals).isPresent();
        return same ? range : Optional.empty();
    }
}
