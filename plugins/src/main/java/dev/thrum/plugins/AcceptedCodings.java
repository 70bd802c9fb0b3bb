package dev.thrum.plugins;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// The content codings that a client accepts (RFC 9110 §12.5.3). Reads its header once, in linear time.
final class AcceptedCodings {
    private final Map<String, Double> qualities;

    private AcceptedCodings(Map<String, Double> qualities) {
        this.qualities = qualities;
    }

    /// {@return what `Accept-Encoding` says; without it, none}
    static AcceptedCodings of(Optional<String> header) {
        Map<String, Double> qualities = new HashMap<>();
        for (String part : header.orElse("").split(",", -1)) {
            int semicolon = part.indexOf(';');
            String coding = (semicolon < 0 ? part : part.substring(0, semicolon)).strip().toLowerCase(Locale.ROOT);
            if (!coding.isEmpty()) {
                qualities.putIfAbsent(coding, semicolon < 0 ? 1.0 : weight(part.substring(semicolon + 1).strip()));
            }
        }
        return new AcceptedCodings(qualities);
    }

    private static double weight(String weight) {
        if (!weight.matches("[qQ]=(0(\\.[0-9]{0,3})?|1(\\.0{0,3})?)")) {
            return 0; // what nobody understands is not sent
        }
        return Double.parseDouble(weight.substring(2));
    }

    /// {@return how much it is wanted, 0 for not at all}
    double quality(String coding) {
        Double quality = qualities.get(coding);
        return quality != null ? quality : qualities.getOrDefault("*", 0.0);
    }

    /// {@return the one of these that is wanted most, of equals the first}
    Optional<ContentCoding> best(Iterable<ContentCoding> offered) {
        ContentCoding best = null;
        for (ContentCoding coding : offered) {
            double quality = quality(coding.token());
            if (quality > 0 && (best == null || quality > quality(best.token()))) {
                best = coding;
            }
        }
        return Optional.ofNullable(best);
    }
}
