package dev.thrum.examples.photos;

import dev.thrum.kernel.Counters;
import dev.thrum.kernel.Kernel;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What the service tells about things; [dev.thrum.json.Json] writes it as it stands here.
final class Described {
    private Described() {}

    record OnePhoto(
            String id,
            String type,
            long bytes,
            int width,
            int height,
            Instant uploaded,
            boolean complete,
            Map<String, String> links) {}

    /// @param total how many there are
    /// @param photos the newest ones
    record Photos(int total, List<OnePhoto> photos) {}

    record Jobs(int workers, int queued, long served, long killed, int zombies, List<Running> running) {}

    /// @param age in milliseconds
    record Running(int worker, String category, String priority, String work, long age) {}

    record Killed(String category, int killed, boolean dryRun) {}

    record Fib(int n, long fib) {}

    static OnePhoto photo(Photo photo) {
        Map<String, String> links = new LinkedHashMap<>();
        links.put("original", photo.path() + "/original");
        for (Size size : photo.sizes()) {
            links.put(size.label(), photo.path() + "/" + size.label());
        }
        return new OnePhoto(
                photo.id(),
                photo.format().contentType(),
                photo.bytes(),
                photo.width(),
                photo.height(),
                photo.uploaded(),
                photo.complete(),
                links);
    }

    static Photos photos(List<Photo> newest, int total) {
        return new Photos(total, newest.stream().map(Described::photo).toList());
    }

    static Jobs jobs(Kernel kernel) {
        Counters counters = kernel.counters();
        return new Jobs(
                counters.workers(),
                counters.queued() + counters.queuedLow(),
                counters.served(),
                counters.killed(),
                counters.zombies(),
                kernel.running().stream().map(Described::running).toList());
    }

    private static Running running(dev.thrum.kernel.Running task) {
        return new Running(
                task.worker(),
                task.category().toString(),
                task.priority().toString(),
                task.work(),
                task.age().toMillis());
    }
}
