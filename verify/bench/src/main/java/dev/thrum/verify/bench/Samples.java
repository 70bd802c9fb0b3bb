package dev.thrum.verify.bench;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/// The figures of one cell over all rounds.
///
/// A median, never a mean: on a shared machine the disturbed rounds are far off, and only to one side.
/// @param sorted the values, ascending; at least one
record Samples(List<Double> sorted) {

    Samples {
        if (sorted.isEmpty()) {
            throw new IllegalArgumentException("samples must not be empty");
        }
        sorted = sorted.stream().sorted().toList();
    }

    static <T> Samples of(Collection<T> measured, ToDoubleFunction<T> figure) {
        return new Samples(measured.stream().mapToDouble(figure).boxed().toList());
    }

    double min() {
        return sorted.getFirst();
    }

    double max() {
        return sorted.getLast();
    }

    double median() {
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }

    /// {@return the median, written with so many decimals}
    String medianText(int decimals) {
        return text(median(), decimals);
    }

    /// {@return least and greatest, written with so many decimals}
    String rangeText(int decimals) {
        return text(min(), decimals) + ".." + text(max(), decimals);
    }

    /// {@return this median as a multiple of the other one}
    String ratioText(Samples base) {
        return text(median() / base.median(), 2);
    }

    static String text(double value, int decimals) {
        return String.format(Locale.ROOT, "%,." + decimals + "f", value);
    }
}
