package dev.thrum.examples.photos;

import java.awt.Graphics2D;
import java.awt.geom.AffineTransform;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.ByteOrder;
import javax.imageio.stream.ImageInputStream;

/// How a camera was held, by the tag 0x0112 of Exif in a JPEG: what to do to the pixels so that they stand upright.
///
/// @param mirrored whether left and right are to be swapped, before the rest
/// @param turns how many quarter turns follow, clockwise: 0..3
record Orientation(boolean mirrored, int turns) {
    static final Orientation UPRIGHT = new Orientation(false, 0);

    private static final int TAG = 0x0112;
    private static final int START_OF_IMAGE = 0xffd8;
    private static final int EXIF_SEGMENT = 0xffe1;
    private static final int LAST_SEGMENT = 0xffda; // after it come the pixels
    private static final int EXIF = 0x45786966; // "Exif"
    private static final int MAX_SEGMENTS = 50;

    /// {@return the orientation that a JPEG tells of; upright if it tells none, or nonsense}
    /// @param input at its start; it ends up anywhere
    static Orientation read(ImageInputStream input) throws IOException {
        if (input.readUnsignedShort() != START_OF_IMAGE) {
            return UPRIGHT;
        }
        for (int i = 0; i < MAX_SEGMENTS; i++) {
            int marker = input.readUnsignedShort();
            long end = input.getStreamPosition() + input.readUnsignedShort();
            if (marker == EXIF_SEGMENT && input.readInt() == EXIF) {
                return of(tag(input));
            }
            if (marker < 0xff00 || marker == LAST_SEGMENT) {
                return UPRIGHT;
            }
            input.seek(end);
        }
        return UPRIGHT;
    }

    /// {@return the value of the tag in the first directory of the TIFF file that Exif is; 0 without one}
    private static int tag(ImageInputStream input) throws IOException {
        input.readUnsignedShort(); // the end of "Exif"
        long start = input.getStreamPosition();
        boolean littleEndian = input.readUnsignedShort() == 0x4949;
        input.setByteOrder(littleEndian ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
        input.readUnsignedShort(); // 42
        input.seek(start + input.readUnsignedInt());
        int entries = input.readUnsignedShort();
        for (int i = 0; i < entries; i++) {
            int tag = input.readUnsignedShort();
            input.skipBytes(6); // its type and count
            int value = input.readUnsignedShort();
            input.skipBytes(2);
            if (tag == TAG) {
                return value;
            }
        }
        return 0;
    }

    private static Orientation of(int tag) {
        return switch (tag) {
            case 2 -> new Orientation(true, 0);
            case 3 -> new Orientation(false, 2);
            case 4 -> new Orientation(true, 2);
            case 5 -> new Orientation(true, 3);
            case 6 -> new Orientation(false, 1);
            case 7 -> new Orientation(true, 1);
            case 8 -> new Orientation(false, 3);
            default -> UPRIGHT;
        };
    }

    /// {@return whether width and height change places}
    boolean isSideways() {
        return turns % 2 == 1;
    }

    /// {@return `image`, upright}
    BufferedImage apply(BufferedImage image) {
        if (equals(UPRIGHT)) {
            return image;
        }
        int width = isSideways() ? image.getHeight() : image.getWidth();
        int height = isSideways() ? image.getWidth() : image.getHeight();
        AffineTransform transform = AffineTransform.getTranslateInstance(width / 2.0, height / 2.0);
        transform.quadrantRotate(turns);
        transform.scale(mirrored ? -1 : 1, 1);
        transform.translate(-image.getWidth() / 2.0, -image.getHeight() / 2.0);
        BufferedImage upright = new BufferedImage(width, height, image.getType());
        Graphics2D graphics = upright.createGraphics();
        try {
            graphics.drawImage(image, transform, null);
        } finally {
            graphics.dispose();
        }
        return upright;
    }
}
