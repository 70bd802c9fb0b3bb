package dev.thrum.examples.photos;

import java.nio.ByteBuffer;
import java.util.zip.CRC32;

/// Tells lies about PNGs.
final class Pngs {
    private static final int HEADER = 12; // of the type of the chunk IHDR, which its CRC covers
    private static final int HEADER_LENGTH = 17;

    private Pngs() {}

    /// Changes the header of a PNG.
    static void resize(byte[] png, int width, int height) {
        CRC32 crc = new CRC32();
        ByteBuffer bytes = ByteBuffer.wrap(png).putInt(HEADER + 4, width).putInt(HEADER + 8, height);
        crc.update(png, HEADER, HEADER_LENGTH);
        bytes.putInt(HEADER + HEADER_LENGTH, (int) crc.getValue());
    }
}
