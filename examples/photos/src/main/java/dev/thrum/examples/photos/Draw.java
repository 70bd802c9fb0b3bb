package dev.thrum.examples.photos;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Ellipse2D;
import java.awt.geom.QuadCurve2D;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferInt;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.FileImageOutputStream;

/// Draws a landscape, with the grain of a photo, as input for the service.
///
/// ```sh
/// java … dev.thrum.examples.photos.Draw --width 6000 --height 4000 --out landscape.jpg --seed 7
/// ```
///
/// The same seed draws the same landscape, whatever the size. 24 megapixels make a JPEG of about 10 MB.
public final class Draw {
    private static final int RIDGES = 5;

    private final int width;
    private final int height;
    private final long seed;
    private final float hue;
    private final BufferedImage image;
    private final int[] pixels;

    private Draw(int width, int height, long seed) {
        this.width = width;
        this.height = height;
        this.seed = seed;
        this.hue = (float) (new SplittableRandom(seed).nextDouble() * 0.2 + 0.52);
        this.image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        this.pixels = ((DataBufferInt) image.getRaster().getDataBuffer()).getData();
    }

    /// Draws a picture into a file. Prints one line on stderr and exits with 2 for wrong arguments, with 1 if the file
    /// cannot be written.
    /// @param args `--width N --height N --out PATH [--seed N]`; the name decides between PNG and JPEG
    public static void main(String... args) {
        System.setProperty("java.awt.headless", "true");
        try {
            Arguments arguments = Arguments.parse(args, "width", "height", "out", "seed");
            int width = arguments.number("width", 1, 20_000).orElse(6_000);
            int height = arguments.number("height", 1, 20_000).orElse(4_000);
            int seed = arguments.number("seed", 0, Integer.MAX_VALUE).orElse(1);
            Path out = Path.of(arguments.text("out").orElse("landscape.jpg"));
            draw(width, height, seed, out);
        } catch (UsageException e) {
            Main.exit("draw: " + e.getMessage(), 2);
        } catch (IOException e) {
            Main.exit("draw: cannot write the picture: " + e, 1);
        }
    }

    /// Draws a picture into `file`.
    /// @param width pixels, at least one
    /// @param height pixels, at least one
    /// @param seed what the landscape is like
    /// @param file ends in `.png` for a PNG; else it is a JPEG
    /// @throws IOException if it cannot be written
    public static void draw(int width, int height, long seed, Path file) throws IOException {
        Draw drawing = new Draw(width, height, seed);
        drawing.sky();
        drawing.sun();
        drawing.birds();
        drawing.ridges();
        drawing.grain();
        drawing.write(file);
    }

    // ---- the landscape

    private void sky() {
        for (int y = 0; y < height; y++) {
            float glow = (float) Math.min(1, 1.7 * y / height);
            int color = Color.HSBtoRGB(hue, 0.55f * (1 - glow) + 0.08f, 0.75f + 0.23f * glow);
            Arrays.fill(pixels, y * width, (y + 1) * width, color);
        }
    }

    /// Ridges, each nearer and darker than the one behind it.
    private void ridges() {
        for (int i = 0; i < RIDGES; i++) {
            int color = Color.HSBtoRGB(hue + 0.02f * i, 0.18f + 0.14f * i, 0.78f - 0.15f * i);
            double[] line = ridge(i);
            for (int y = 0; y < height; y++) {
                for (int x = 0; x < width; x++) {
                    if (y >= line[x]) {
                        pixels[y * width + x] = shade(color, (y - line[x]) / height);
                    }
                }
            }
        }
    }

    /// {@return the height of a ridge above each column, as a sum of waves}
    private double[] ridge(int index) {
        SplittableRandom random = new SplittableRandom(seed * 31 + index);
        double[] line = new double[width];
        for (int octave = 0; octave < 9; octave++) {
            double waves = (1.3 + random.nextDouble()) * (1 << octave);
            double amplitude = 0.11 / Math.pow(1.85, octave) * height;
            double phase = random.nextDouble() * 2 * Math.PI;
            for (int x = 0; x < width; x++) {
                line[x] += amplitude * Math.sin(phase + waves * 2 * Math.PI * x / width);
            }
        }
        double base = height * (0.48 + 0.115 * index);
        for (int x = 0; x < width; x++) {
            line[x] += base;
        }
        return line;
    }

    private static int shade(int color, double depth) {
        double light = 1 - Math.min(0.5, depth * 1.4);
        int red = (int) ((color >> 16 & 255) * light);
        int green = (int) ((color >> 8 & 255) * light);
        int blue = (int) ((color & 255) * light);
        return red << 16 | green << 8 | blue;
    }

    private void sun() {
        SplittableRandom random = new SplittableRandom(seed ^ 0x5eed);
        double x = width * (0.2 + 0.6 * random.nextDouble());
        double y = height * (0.15 + 0.15 * random.nextDouble());
        double unit = Math.min(width, height);
        Graphics2D graphics = graphics();
        for (int ring = 14; ring >= 0; ring--) {
            double radius = unit * (0.05 + 0.018 * ring);
            graphics.setColor(new Color(255, 244, 214, ring == 0 ? 255 : 16));
            graphics.fill(new Ellipse2D.Double(x - radius, y - radius, 2 * radius, 2 * radius));
        }
        graphics.dispose();
    }

    private void birds() {
        SplittableRandom random = new SplittableRandom(seed ^ 0xb1bd);
        double unit = Math.min(width, height) / 100.0;
        Graphics2D graphics = graphics();
        graphics.setColor(new Color(40, 44, 60));
        graphics.setStroke(new BasicStroke((float) Math.max(1, unit / 4), BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
        for (int bird = 0; bird < 9; bird++) {
            double x = width * (0.1 + 0.8 * random.nextDouble());
            double y = height * (0.08 + 0.25 * random.nextDouble());
            double span = unit * (1 + 2 * random.nextDouble());
            graphics.draw(new QuadCurve2D.Double(x - span, y - span / 3, x - span / 2, y - span, x, y));
            graphics.draw(new QuadCurve2D.Double(x, y, x + span / 2, y - span, x + span, y - span / 3));
        }
        graphics.dispose();
    }

    private Graphics2D graphics() {
        Graphics2D graphics = image.createGraphics();
        graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        return graphics;
    }

    /// Noise on every pixel, as of a sensor: it makes the file as large as a photo's.
    private void grain() {
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < pixels.length; i++) {
            long bits = random.nextLong();
            int noise = (int) (bits & 15) + (int) (bits >> 4 & 15) - 15;
            pixels[i] = add(pixels[i] >> 16, noise) << 16 | add(pixels[i] >> 8, noise) << 8 | add(pixels[i], noise);
        }
    }

    private static int add(int channel, int noise) {
        return Math.clamp((channel & 255) + noise, 0, 255);
    }

    // ---- the file

    private void write(Path file) throws IOException {
        boolean png = file.toString().endsWith(".png");
        ImageWriter writer = ImageIO.getImageWritersByFormatName(png ? "png" : "jpeg").next();
        Files.deleteIfExists(file);
        try (FileImageOutputStream out = new FileImageOutputStream(file.toFile())) {
            ImageWriteParam parameters = writer.getDefaultWriteParam();
            if (!png) {
                parameters.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
                parameters.setCompressionQuality(0.9f);
            }
            writer.setOutput(out);
            writer.write(null, new IIOImage(image, null, null), parameters);
        } finally {
            writer.dispose();
        }
    }
}
