package dev.thrum.examples.photos;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class FormatTest {

    @Test
    void aMediaTypeMayHaveParametersAndAnyCase() {
        assertThat(Format.find("Image/JPEG ; q=1")).contains(Format.JPEG);
        assertThat(Format.find("image/png")).contains(Format.PNG);
    }

    @Test
    void otherMediaTypesAreUnknown() {
        assertThat(Format.find("image/jpg")).isEmpty();
        assertThat(Format.find("")).isEmpty();
    }

    @Test
    void aStartIsJudgedAsFarAsItGoes() {
        assertThat(Format.PNG.isStart(bytes(0x89, 'P', 'N'))).isTrue();
        assertThat(Format.PNG.isStart(bytes(0x89, 'P', 'N', 'G', 13, 10, 26, 10, 7))).isTrue();
        assertThat(Format.PNG.isStart(bytes(0x89, 'P', 'N', 'X'))).isFalse();
        assertThat(Format.JPEG.isStart(bytes(0xff, 0xd8, 0xff, 0xe0))).isTrue();
    }

    private static ByteBuffer bytes(int... values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length);
        for (int value : values) {
            bytes.put((byte) value);
        }
        return bytes.flip();
    }
}
