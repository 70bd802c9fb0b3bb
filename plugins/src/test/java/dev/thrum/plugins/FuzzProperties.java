package dev.thrum.plugins;

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
    Arbitrary<byte[]> forms() {
        return Arbitraries.of(MultipartFuzz.seeds());
    }

    @Provide
    Arbitrary<byte[]> fields() {
        return Arbitraries.of(FieldsFuzz.seeds());
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
        MultipartFuzz.seeds().forEach(MultipartFuzz::fuzzerTestOneInput);
        FieldsFuzz.seeds().forEach(FieldsFuzz::fuzzerTestOneInput);
    }

    @Property
    void randomBytesFindNothing(@ForAll byte[] bytes) {
        MultipartFuzz.fuzzerTestOneInput(bytes);
        FieldsFuzz.fuzzerTestOneInput(bytes);
    }

    @Property
    void formsPutTogetherAnewFindNothing(
            @ForAll("forms") byte[] one, @ForAll int end, @ForAll("forms") byte[] other, @ForAll int start) {
        MultipartFuzz.fuzzerTestOneInput(spliced(one, end, other, start));
    }

    @Property
    void fieldsPutTogetherAnewFindNothing(
            @ForAll("fields") byte[] one, @ForAll int end, @ForAll("fields") byte[] other, @ForAll int start) {
        FieldsFuzz.fuzzerTestOneInput(spliced(one, end, other, start));
    }
}
