package dev.thrum.plugins;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// The parts of a file that a client asks for (RFC 9110 §14.2).
final class ByteRanges {
    private static final int MOST = 16; // parts in one request; beyond, the whole file is cheaper
    private static final int GAP = 80; // what the head of a part costs anyway

    /// A part of the file, not empty.
    record Part(long position, long length) {
        long end() {
            return position + length;
        }
    }

    private ByteRanges() {}

    /// {@return the parts, which do not overlap; none if the file has none of them; empty if the header is none that is to be
    /// followed, so that the whole file is the answer}
    static Optional<List<Part>> parse(String header, long size) {
        if (!header.startsWith("bytes=")) {
            return Optional.empty();
        }
        String[] specs = header.substring(6).split(",", MOST + 1);
        if (specs.length > MOST) {
            return Optional.empty();
        }
        List<Part> parts = new ArrayList<>(specs.length);
        for (String spec : specs) {
            String trimmed = spec.strip();
            if (!trimmed.matches("[0-9]{1,18}-[0-9]{0,18}|-[0-9]{1,18}")) {
                return Optional.empty();
            }
            int dash = trimmed.indexOf('-');
            long first = dash == 0 ? Math.max(0, size - number(trimmed, 1)) : Long.parseLong(trimmed.substring(0, dash));
            long last = dash == 0 || dash == trimmed.length() - 1 ? size - 1 : number(trimmed, dash + 1);
            if (dash > 0 && last < first && dash < trimmed.length() - 1) {
                return Optional.empty(); // backwards
            }
            if (first < size && last >= first) {
                parts.add(new Part(first, Math.min(last, size - 1) - first + 1));
            }
        }
        return Optional.of(apart(parts));
    }

    private static long number(String text, int from) {
        return Long.parseLong(text.substring(from));
    }

    /// {@return the same parts; those that overlap, or nearly touch, as one, since nobody needs a byte twice}
    private static List<Part> apart(List<Part> parts) {
        List<Part> sorted = new ArrayList<>(parts);
        sorted.sort(Comparator.comparingLong(Part::position));
        List<Part> apart = new ArrayList<>();
        for (Part part : sorted) {
            Part last = apart.isEmpty() ? null : apart.getLast();
            if (last != null && part.position() <= last.end() + GAP) {
                long end = Math.max(last.end(), part.end());
                apart.set(apart.size() - 1, new Part(last.position(), end - last.position()));
            } else {
                apart.add(part);
            }
        }
        return apart.size() == parts.size() ? parts : apart; // untouched ones in the order of the client
    }
}
