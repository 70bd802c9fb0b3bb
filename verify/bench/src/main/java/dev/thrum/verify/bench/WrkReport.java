package dev.thrum.verify.bench;

import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What wrk prints at its end.
/// @param requests answers received
/// @param perSecond answers for each second of its own clock
/// @param p50Millis median latency
/// @param p99Millis latency that one in a hundred exceeded; 0 where wrk gives none, as with some pipelined runs
/// @param socketErrors connects, reads, writes and time-outs that failed
/// @param badStatus answers whose status was neither 2xx nor 3xx
record WrkReport(
        long requests, double perSecond, double p50Millis, double p99Millis, long socketErrors, long badStatus) {

    private static final Pattern REQUESTS = Pattern.compile("(\\d+) requests in ");
    private static final Pattern PER_SECOND = Pattern.compile("Requests/sec: +([\\d.]+)");
    private static final Pattern P50 = Pattern.compile("50% +([\\d.]+)(us|ms|s|m)");
    private static final Pattern P99 = Pattern.compile("99% +([\\d.]+)(us|ms|s|m)");
    private static final Pattern SOCKET_ERRORS =
            Pattern.compile("Socket errors: connect (\\d+), read (\\d+), write (\\d+), timeout (\\d+)");
    private static final Pattern BAD_STATUS = Pattern.compile("Non-2xx or 3xx responses: (\\d+)");

    static WrkReport parse(String output) {
        return new WrkReport(
                Long.parseLong(required(REQUESTS, output).group(1)),
                Double.parseDouble(required(PER_SECOND, output).group(1)),
                millis(required(P50, output)),
                millis(required(P99, output)),
                sum(SOCKET_ERRORS, output),
                sum(BAD_STATUS, output));
    }

    /// {@return what went wrong, or an empty string}
    String errors() {
        return socketErrors == 0 && badStatus == 0 ? "" : socketErrors + " socket, " + badStatus + " status";
    }

    private static MatchResult required(Pattern pattern, String output) {
        Matcher matcher = pattern.matcher(output);
        if (!matcher.find()) {
            throw new IllegalArgumentException("wrk's output lacks " + pattern + ":\n" + output);
        }
        return matcher.toMatchResult();
    }

    private static double millis(MatchResult latency) {
        double value = Double.parseDouble(latency.group(1));
        return switch (latency.group(2)) {
            case "us" -> value / 1000;
            case "ms" -> value;
            case "s" -> value * 1000;
            default -> value * 60_000;
        };
    }

    private static long sum(Pattern pattern, String output) {
        Matcher matcher = pattern.matcher(output);
        long sum = 0;
        if (matcher.find()) {
            for (int group = 1; group <= matcher.groupCount(); group++) {
                sum += Long.parseLong(matcher.group(group));
            }
        }
        return sum;
    }
}
