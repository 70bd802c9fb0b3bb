package dev.thrum.examples.photos;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Properties;

/// The file `about.properties` of a photo: what cannot be seen from its folder without decoding a picture.
final class About {
    static final String FILE = "about.properties";

    private About() {}

    static byte[] of(Photo photo) throws IOException {
        Properties properties = new Properties();
        properties.setProperty("format", photo.format().name());
        properties.setProperty("width", Integer.toString(photo.width()));
        properties.setProperty("height", Integer.toString(photo.height()));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        properties.store(out, null);
        return out.toByteArray();
    }

    /// {@return the photo in `folder`}
    /// @throws IOException if a file is missing, or says what cannot be
    static Photo read(String id, Path folder) throws IOException {
        Properties properties = new Properties();
        try (InputStream in = Files.newInputStream(folder.resolve(FILE))) {
            properties.load(in);
            Format format = Format.valueOf(properties.getProperty("format", "none"));
            long bytes = Files.size(folder.resolve(format.fileName()));
            for (Size size : Size.values()) {
                require(folder.resolve(size.fileName()));
            }
            return new Photo(id, format, bytes, 0, 0, EnumSet.allOf(Size.class), true)
                    .withPixels(number(properties, "width"), number(properties, "height"));
        } catch (IllegalArgumentException e) {
            throw new IOException("cannot be understood: " + folder.resolve(FILE), e);
        }
    }

    private static void require(Path file) throws NoSuchFileException {
        if (!Files.isRegularFile(file)) {
            throw new NoSuchFileException(file.toString());
        }
    }

    private static int number(Properties properties, String name) {
        return Integer.parseInt(properties.getProperty(name, "none"));
    }
}
