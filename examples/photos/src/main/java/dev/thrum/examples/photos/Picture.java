package dev.thrum.examples.photos;

import java.awt.Dimension;
import java.awt.image.BufferedImage;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Locale;
import javax.imageio.ImageIO;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;
import javax.imageio.event.IIOReadProgressListener;
import javax.imageio.event.IIOReadWarningListener;
import javax.imageio.stream.FileImageInputStream;
import javax.imageio.stream.ImageInputStream;

/// A file with a picture in it.
///
/// **Threads.** One thread, which may block.
/// **Failure.** What the decoder makes of a malformed file (it has many ways to say so) is a [BadPictureException].
final class Picture implements AutoCloseable {

    /// More pixels than this are refused by the header alone.
    static final long MAX_PIXELS = 100_000_000;

    /// What is decoded is no longer than this on its longer side: at most 6.6 megapixels, 20 MB for a photo. Only of a
    /// progressive JPEG the decoder holds everything, outside the heap, with some 3 bytes for each pixel.
    private static final int MAX_SIDE = 2 * Size.LARGE.pixels();

    private final ImageReader reader;
    private final ImageInputStream input;
    private Orientation orientation = Orientation.UPRIGHT;
    private int width;
    private int height;

    private Picture(ImageReader reader, ImageInputStream input) {
        this.reader = reader;
        this.input = input;
    }

    /// What a decoder does.
    private interface Decoding<T> {
        T run() throws IOException;
    }

    /// {@return the picture in `file`; its header has been read}
    /// @throws BadPictureException if the header is malformed, or tells of too many pixels
    static Picture open(Path file, Format format) throws IOException, BadPictureException {
        ImageReader reader = ImageIO.getImageReadersByMIMEType(format.contentType()).next();
        Picture picture = new Picture(reader, new FileImageInputStream(file.toFile()));
        try {
            picture.readOrientation(format);
            picture.readHeader();
            return picture;
        } catch (Throwable problem) {
            picture.close();
            throw problem;
        }
    }

    private void readOrientation(Format format) throws IOException {
        if (format == Format.JPEG) {
            try {
                orientation = Orientation.read(input);
            } catch (EOFException | IndexOutOfBoundsException e) {
                orientation = Orientation.UPRIGHT; // it may be a picture nevertheless
            }
            input.setByteOrder(ByteOrder.BIG_ENDIAN);
            input.seek(0);
        }
    }

    private void readHeader() throws BadPictureException {
        reader.setInput(input, true, true); // front to back, and without its metadata: texts and profiles may be bombs
        width = guarded(() -> reader.getWidth(0));
        height = guarded(() -> reader.getHeight(0));
        long pixels = (long) width * height;
        if (pixels > MAX_PIXELS) {
            throw new BadPictureException("a picture must not have more than %d megapixels: %d x %d"
                    .formatted(MAX_PIXELS / 1_000_000, width, height));
        }
    }

    /// {@return the width of the upright picture}
    int width() {
        return orientation.isSideways() ? height : width;
    }

    /// {@return the height of the upright picture}
    int height() {
        return orientation.isSideways() ? width : height;
    }

    /// {@return width and height as they are stored}
    Dimension stored() {
        return new Dimension(width, height);
    }

    /// {@return what makes the decoded picture upright}
    Orientation orientation() {
        return orientation;
    }

    /// {@return the picture as it is stored, or one with every n-th of its pixels if it is a large one}
    /// @param scratch may hold the picture
    /// @throws BadPictureException if it is malformed, or ends too early
    BufferedImage decode(Scratch scratch) throws BadPictureException {
        ImageReadParam parameters = reader.getDefaultReadParam();
        int step = Math.ceilDiv(Math.max(width, height), MAX_SIDE);
        parameters.setSourceSubsampling(step, step, 0, 0);
        if (guarded(() -> reader.getImageTypes(0).next()).getBufferedImageType() == BufferedImage.TYPE_3BYTE_BGR) {
            parameters.setDestination(scratch.bgr(Math.ceilDiv(width, step), Math.ceilDiv(height, step)));
        }
        Watcher watcher = new Watcher(reader);
        BufferedImage image = guarded(() -> reader.read(0, parameters));
        watcher.check();
        return image;
    }

    private static <T> T guarded(Decoding<T> decoding) throws BadPictureException {
        try {
            return decoding.run();
        } catch (IOException | RuntimeException e) {
            throw new BadPictureException("the picture is corrupt, or of a kind that is not known", e);
        }
    }

    @Override
    public void close() throws IOException {
        reader.dispose();
        input.close();
    }

    /// Ends a decoding when its thread is interrupted, and notes when the data ran out: a decoder fills up with grey then.
    private static final class Watcher implements IIOReadProgressListener, IIOReadWarningListener {
        private boolean incomplete;

        Watcher(ImageReader reader) {
            reader.addIIOReadProgressListener(this);
            reader.addIIOReadWarningListener(this);
        }

        void check() throws BadPictureException {
            if (incomplete) {
                throw new BadPictureException("the picture is incomplete");
            }
        }

        @Override
        public void warningOccurred(ImageReader source, String warning) {
            String lower = warning.toLowerCase(Locale.ROOT);
            incomplete |= lower.contains("premature end") || lower.contains("missing eoi");
        }

        @Override
        public void imageProgress(ImageReader source, float percentageDone) {
            if (Thread.currentThread().isInterrupted()) {
                source.abort();
            }
        }

        @Override
        public void sequenceStarted(ImageReader source, int minIndex) {}

        @Override
        public void sequenceComplete(ImageReader source) {}

        @Override
        public void imageStarted(ImageReader source, int imageIndex) {}

        @Override
        public void imageComplete(ImageReader source) {}

        @Override
        public void thumbnailStarted(ImageReader source, int imageIndex, int thumbnailIndex) {}

        @Override
        public void thumbnailProgress(ImageReader source, float percentageDone) {}

        @Override
        public void thumbnailComplete(ImageReader source) {}

        @Override
        public void readAborted(ImageReader source) {}
    }
}
