package dev.thrum.examples.photos;

import dev.thrum.kernel.Kernel;
import dev.thrum.route.Routes;
import dev.thrum.web.Application;
import dev.thrum.web.Handler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/// The routes of the service, for `thrum routes`: made with a store and a kernel that nobody will use.
public final class PhotoRoutes implements Application {

    /// For the service loader.
    public PhotoRoutes() {}

    @Override
    public String name() {
        return "photos";
    }

    @Override
    public Routes<Handler> routes() throws IOException {
        Path directory = Files.createTempDirectory("photos");
        try (PhotoStore store = PhotoStore.open(directory);
                Kernel kernel = Kernel.start(1)) {
            return PhotoApp.create(store, new Gallery(), kernel, kernel).routes();
        } finally {
            delete(directory);
        }
    }

    private static void delete(Path directory) throws IOException {
        List<Path> all;
        try (Stream<Path> files = Files.walk(directory)) {
            all = files.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path file : all) {
            Files.delete(file);
        }
    }
}
