package dev.thrum.examples.photos;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.stream.MemoryCacheImageInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OrientationTest {

    /// {@return the start of a JPEG with this orientation}
    private static byte[] jpeg(int orientation, ByteOrder order) {
        ByteBuffer bytes = ByteBuffer.allocate(2 + 4 + 6 + 26);
        bytes.putShort((short) 0xffd8).putShort((short) 0xffe1).putShort((short) (2 + 6 + 26));
        bytes.put("Exif\0\0".getBytes(StandardCharsets.US_ASCII)).order(order);
        bytes.putShort((short) (order == ByteOrder.LITTLE_ENDIAN ? 0x4949 : 0x4d4d)).putShort((short) 42).putInt(8);
        bytes.putShort((short) 1).putShort((short) 0x0112).putShort((short) 3).putInt(1).putShort((short) orientation);
        return bytes.array();
    }

    private static Orientation read(byte[] bytes) throws IOException {
        return Orientation.read(new MemoryCacheImageInputStream(new ByteArrayInputStream(bytes)));
    }

    /// A picture of 3 x 2 pixels: abc over def, stored as the camera was held; upright it is to be `expected`.
    @ParameterizedTest
    @CsvSource({
        "1, abc/def", "2, cba/fed", "3, fed/cba", "4, def/abc", "5, ad/be/cf", "6, da/eb/fc", "7, fc/eb/da", "8, cf/be/ad"
    })
    void everyOrientationIsPutRight(int orientation, String expected) throws IOException {
        BufferedImage stored = new BufferedImage(3, 2, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < 6; i++) {
            stored.setRGB(i % 3, i / 3, 'a' + i);
        }
        assertThat(letters(read(jpeg(orientation, ByteOrder.BIG_ENDIAN)).apply(stored))).isEqualTo(expected);
    }

    private static String letters(BufferedImage image) {
        StringBuilder letters = new StringBuilder();
        for (int y = 0; y < image.getHeight(); y++) {
            letters.append(y == 0 ? "" : "/");
            for (int x = 0; x < image.getWidth(); x++) {
                letters.append((char) (image.getRGB(x, y) & 0xff));
            }
        }
        return letters.toString();
    }

    @Test
    void bothByteOrdersAreRead() throws IOException {
        assertThat(read(jpeg(6, ByteOrder.LITTLE_ENDIAN))).isEqualTo(new Orientation(false, 1));
    }

    @Test
    void nonsenseIsUpright() throws IOException {
        assertThat(read(jpeg(9, ByteOrder.BIG_ENDIAN))).isEqualTo(Orientation.UPRIGHT);
        assertThat(read(new byte[] {'a', 'b'})).isEqualTo(Orientation.UPRIGHT);
    }

    @Test
    void aPhotoHeldSidewaysGetsUprightThumbnails(@TempDir Path temp) throws Exception {
        byte[] drawn = Files.readAllBytes(Demo.draw(temp, "a.jpg", 300, 200));
        byte[] header = jpeg(6, ByteOrder.LITTLE_ENDIAN);
        Path sideways = Files.write(
                temp.resolve("b.jpg"),
                ByteBuffer.allocate(header.length + drawn.length - 2).put(header).put(drawn, 2, drawn.length - 2).array());
        try (Demo demo = new Demo(temp.resolve("photos"))) {
            Demo.Answer answer = demo.post("image/jpeg", sideways);
            assertThat(answer.json("width")).isEqualTo("200");
            BufferedImage small = Demo.image(demo.get(answer.json("small")));
            assertThat(small.getWidth()).isEqualTo(107);
            assertThat(small.getHeight()).isEqualTo(160);
        }
    }

    @Test
    void aPhotoWithHalfAnExifIsAPhoto(@TempDir Path temp) throws Exception {
        byte[] drawn = Files.readAllBytes(Demo.draw(temp, "a.jpg", 30, 20));
        drawn[3] = (byte) 0xe1; // the segment of JFIF passes for one of Exif
        System.arraycopy("Exif\0\0II*\0\u007f\u007f\u007f\u007f".getBytes(StandardCharsets.US_ASCII), 0, drawn, 6, 14);
        try (Demo demo = new Demo(temp.resolve("photos"))) {
            assertThat(demo.post("image/jpeg", Files.write(temp.resolve("b.jpg"), drawn)).status()).isEqualTo(201);
        }
    }
}
