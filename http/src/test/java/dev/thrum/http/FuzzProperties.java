package dev.thrum.http;

import java.util.Arrays;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

/// What the fuzzers look for at length, looked at here for a moment: their seeds, random bytes, and seeds put together anew.
class FuzzProperties {

    @Provide
    Arbitrary<byte[]> connections() {
        return Arbitraries.of(ConnectionFuzz.seeds());
    }

    @Provide
    Arbitrary<byte[]> paths() {
        return Arbitraries.of(PathFuzz.seeds());
    }

    /// {@return the start of one and the end of another}
    private static byte[] spliced(byte[] one, int end, byte[] other, int start) {
        byte[] head = Arrays.copyOf(one, Math.floorMod(end, one.length + 1));
        byte[] tail = Arrays.copyOfRange(other, Math.floorMod(start, other.length + 1), other.length);
        byte[] both = Arrays.copyOf(head, head.length + tail.length);
        System.arraycopy(tail, 0, both, head.length, tail.length);
        return both;
    }

    @Test
    void seedsFindNothing() {
        ConnectionFuzz.seeds().forEach(ConnectionFuzz::fuzzerTestOneInput);
        PathFuzz.seeds().forEach(PathFuzz::fuzzerTestOneInput);
    }

    @Property
    void randomBytesFindNothing(@ForAll byte[] bytes) {
        ConnectionFuzz.fuzzerTestOneInput(bytes);
        PathFuzz.fuzzerTestOneInput(bytes);
    }

    @Property
    void connectionsPutTogetherAnewFindNothing(
            @ForAll("connections") byte[] one, @ForAll int end, @ForAll("connections") byte[] other, @ForAll int start) {
        ConnectionFuzz.fuzzerTestOneInput(spliced(one, end, other, start));
    }

    @Property
    void pathsPutTogetherAnewFindNothing(
            @ForAll("paths") byte[] one, @ForAll int end, @ForAll("paths") byte[] other, @ForAll int start) {
        PathFuzz.fuzzerTestOneInput(spliced(one, end, other, start));
    }
}
