package dev.thrum.examples.photos;

import java.awt.Transparency;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.DataBufferByte;
import java.awt.image.DataBufferInt;
import java.awt.image.DirectColorModel;
import java.awt.image.Raster;

/// The big arrays of a worker. It uses them for one picture after the other: as garbage, the collector would have to move
/// them about while the loops wait.
///
/// **Threads.** One worker's. A worker that takes the place of a killed one gets its own, so the killed task may go on
/// using this.
final class Scratch {
    /// That of the worker which runs this; the kernel binds it.
    static final ScopedValue<Scratch> OF_WORKER = ScopedValue.newInstance();

    private static final ColorModel RGB = new DirectColorModel(24, 0xff0000, 0xff00, 0xff);
    private static final ColorModel BGR = new ComponentColorModel(
            ColorSpace.getInstance(ColorSpace.CS_sRGB), false, false, Transparency.OPAQUE, DataBuffer.TYPE_BYTE);

    private byte[] bytes = {};
    private int[] ints = {};

    /// {@return an image of the type that photos are decoded to, in place of the last one; its pixels are anything}
    BufferedImage bgr(int width, int height) {
        int length = 3 * width * height;
        if (bytes.length < length) {
            bytes = new byte[length];
        }
        DataBufferByte buffer = new DataBufferByte(bytes, length);
        var raster = Raster.createInterleavedRaster(buffer, width, height, 3 * width, 3, new int[] {2, 1, 0}, null);
        return new BufferedImage(BGR, raster, false, null);
    }

    /// {@return an image of the type that is drawn on, in place of the last one; its pixels are anything}
    BufferedImage rgb(int width, int height) {
        int length = width * height;
        if (ints.length < length) {
            ints = new int[length];
        }
        int[] masks = {0xff0000, 0xff00, 0xff};
        var raster = Raster.createPackedRaster(new DataBufferInt(ints, length), width, height, width, masks, null);
        return new BufferedImage(RGB, raster, false, null);
    }
}
