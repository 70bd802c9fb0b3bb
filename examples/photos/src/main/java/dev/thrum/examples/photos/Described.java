package dev.thrum.examples.photos;

import dev.thrum.kernel.Counters;
import dev.thrum.kernel.Kernel;
import dev.thrum.kernel.Running;
import java.util.List;

/// What the service tells about things, in JSON.
final class Described {
    private Described() {}

    static Json photo(Photo photo) {
        Json links = new Json().with("original", photo.path() + "/original");
        for (Size size : photo.sizes()) {
            links.with(size.label(), photo.path() + "/" + size.label());
        }
        return new Json()
                .with("id", photo.id())
                .with("type", photo.format().contentType())
                .with("bytes", photo.bytes())
                .with("width", photo.width())
                .with("height", photo.height())
                .with("uploaded", photo.uploaded().toString())
                .with("complete", photo.complete())
                .with("links", links);
    }

    /// @param photos the newest ones
    /// @param total how many there are
    static Json photos(List<Photo> photos, int total) {
        return new Json()
                .with("total", total)
                .with("photos", photos.stream().map(Described::photo).toList());
    }

    static Json jobs(Kernel kernel) {
        Counters counters = kernel.counters();
        return new Json()
                .with("workers", counters.workers())
                .with("queued", counters.queued() + counters.queuedLow())
                .with("served", counters.served())
                .with("killed", counters.killed())
                .with("zombies", counters.zombies())
                .with("running", kernel.running().stream().map(Described::running).toList());
    }

    private static Json running(Running task) {
        return new Json()
                .with("worker", task.worker())
                .with("category", task.category().toString())
                .with("priority", task.priority().toString())
                .with("work", task.work())
                .with("age", task.age().toMillis());
    }
}
