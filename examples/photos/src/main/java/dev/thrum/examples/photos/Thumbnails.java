package dev.thrum.examples.photos;

import java.awt.Color;
import java.awt.Dimension;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/// Makes the thumbnails of a picture.
///
/// The picture is decoded once, for all sizes: that takes most of the time, whatever the size. Each thumbnail is made from
/// the next larger one.
///
/// **Threads.** A worker's: it burns the processor, and reads a file. An interrupt, or the kill of its task, ends it soon.
final class Thumbnails {
    private static final float QUALITY = 0.85f;
    private static final List<Size> LARGEST_FIRST = List.of(Size.values()).reversed();

    /// Receives what is found, in the worker's thread.
    interface Receiver {
        /// Takes the size of the original, before anything is decoded.
        /// @throws IOException if it cannot be kept
        void pixels(int width, int height) throws IOException;

        /// Takes a thumbnail.
        /// @throws IOException if it cannot be kept
        void thumbnail(Size size, byte[] jpeg) throws IOException;
    }

    private Thumbnails() {}

    /// Makes the thumbnails of all sizes, the largest first.
    /// @throws BadPictureException if the picture is corrupt, too large, or of a kind that is not known
    /// @throws IOException if the file cannot be read, or the receiver throws one
    static void make(Path original, Format format, Scratch scratch, Receiver receiver)
            throws IOException, BadPictureException {
        BufferedImage image;
        try (Picture picture = Picture.open(original, format)) {
            receiver.pixels(picture.width(), picture.height());
            BufferedImage decoded = picture.decode(scratch);
            BufferedImage large = fit(decoded, picture.stored(), Size.LARGE.pixels(), scratch::rgb);
            image = picture.orientation().apply(large);
        }
        for (Size size : LARGEST_FIRST) {
            Dimension shape = new Dimension(image.getWidth(), image.getHeight());
            image = fit(image, shape, size.pixels(), Thumbnails::rgb);
            receiver.thumbnail(size, jpeg(image));
        }
    }

    /// Makes an image of a width and a height to draw on.
    interface Canvas {
        BufferedImage of(int width, int height);
    }

    private static BufferedImage rgb(int width, int height) {
        return new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    }

    /// {@return `image`, opaque, and no longer than `limit` on its longer side}
    /// @param shape the proportions it is to have
    /// @param canvas makes the image that is returned
    static BufferedImage fit(BufferedImage image, Dimension shape, int limit, Canvas canvas) {
        int longer = Math.max(image.getWidth(), image.getHeight());
        BufferedImage fitting = image;
        while (longer > 2 * limit) { // by steps of a half, since one step of bilinear scaling looks at 2 x 2 pixels only
            longer = (longer + 1) / 2;
            fitting = scale(fitting, shape, longer, Thumbnails::rgb);
        }
        boolean opaque = fitting.getType() == BufferedImage.TYPE_INT_RGB;
        return opaque && longer <= limit ? fitting : scale(fitting, shape, Math.min(longer, limit), canvas);
    }

    /// {@return `image` with `longer` pixels on its longer side, and the proportions of `shape`}
    private static BufferedImage scale(BufferedImage image, Dimension shape, int longer, Canvas canvas) {
        double factor = (double) longer / Math.max(shape.width, shape.height);
        int width = Math.max(1, (int) Math.round(shape.width * factor));
        int height = Math.max(1, (int) Math.round(shape.height * factor));
        BufferedImage scaled = canvas.of(width, height);
        Graphics2D graphics = scaled.createGraphics();
        try {
            graphics.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
            graphics.drawImage(image, 0, 0, width, height, Color.WHITE, null);
        } finally {
            graphics.dispose();
        }
        return scaled;
    }

    private static byte[] jpeg(BufferedImage image) throws IOException {
        ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(64 << 10);
        try (ImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
            ImageWriteParam parameters = writer.getDefaultWriteParam();
            parameters.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
            parameters.setCompressionQuality(QUALITY);
            writer.setOutput(out);
            writer.write(null, new IIOImage(image, null, null), parameters);
        } finally {
            writer.dispose();
        }
        return bytes.toByteArray();
    }
}
