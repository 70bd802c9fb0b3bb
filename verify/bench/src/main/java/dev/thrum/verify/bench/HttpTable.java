package dev.thrum.verify.bench;

import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/// The slices of all peers at one pipelining depth as a table, with ratios to the first peer.
/// @param slices by peer, in the order of the rows
record HttpTable(Map<String, List<HttpSlice>> slices) {

    @Override
    public String toString() {
        var table = new MarkdownTable(
                "peer", "req/s", "min..max", "ratio", "CPU µs/req", "min..max", "ratio", "user", "sys", "p50 ms",
                "p99 ms", "RSS MB", "server CPU", "wrk CPU", "foreign", "errors");
        slices.forEach((peer, own) -> addRow(table, peer, own));
        return table.toString();
    }

    private void addRow(MarkdownTable table, String peer, List<HttpSlice> own) {
        List<HttpSlice> base = slices.values().iterator().next();
        Samples rate = Samples.of(own, HttpSlice::perSecond);
        Samples cpu = Samples.of(own, HttpSlice::microsPerRequest);
        table.row(
                peer,
                rate.medianText(0),
                rate.rangeText(0),
                rate.ratioText(Samples.of(base, HttpSlice::perSecond)),
                cpu.medianText(2),
                cpu.rangeText(2),
                cpu.ratioText(Samples.of(base, HttpSlice::microsPerRequest)),
                median(own, HttpSlice::userMicros),
                median(own, HttpSlice::systemMicros),
                latency(own, slice -> slice.report().p50Millis()),
                latency(own, slice -> slice.report().p99Millis()),
                Samples.of(own, HttpSlice::residentMegabytes).medianText(0),
                median(own, HttpSlice::serverCpus),
                median(own, HttpSlice::clientCpus),
                median(own, HttpSlice::foreignCpus),
                errors(own));
    }

    private static String median(List<HttpSlice> slices, ToDoubleFunction<HttpSlice> figure) {
        return Samples.of(slices, figure).medianText(2);
    }

    /// wrk prints 0 when it has no value.
    private static String latency(List<HttpSlice> slices, ToDoubleFunction<HttpSlice> figure) {
        Samples samples = Samples.of(slices, figure);
        return samples.median() == 0 ? "-" : samples.medianText(2);
    }

    private static String errors(List<HttpSlice> slices) {
        String errors = slices.stream()
                .map(slice -> slice.report().errors())
                .filter(text -> !text.isEmpty())
                .collect(Collectors.joining("; "));
        return errors.isEmpty() ? "none" : errors;
    }
}
