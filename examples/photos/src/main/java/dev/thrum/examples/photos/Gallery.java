package dev.thrum.examples.photos;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.UnaryOperator;

/// The photos there are, in memory, so that a loop can tell of them without touching a file.
///
/// **Threads.** Any thread; nothing blocks.
final class Gallery {
    private final ConcurrentNavigableMap<String, Photo> photos = new ConcurrentSkipListMap<>();

    void add(Photo photo) {
        photos.put(photo.id(), photo);
    }

    Optional<Photo> find(String id) {
        return Optional.ofNullable(photos.get(id));
    }

    /// Replaces a photo by what `change` makes of it; does nothing if it is gone.
    void update(String id, UnaryOperator<Photo> change) {
        photos.computeIfPresent(id, (_, photo) -> change.apply(photo));
    }

    /// {@return the photo that was removed by this call; empty if there was none, or another call was faster}
    Optional<Photo> remove(String id) {
        return Optional.ofNullable(photos.remove(id));
    }

    /// {@return the newest photos, newest first}
    /// @param limit at most so many
    List<Photo> newest(int limit) {
        return photos.descendingMap().values().stream().limit(limit).toList();
    }

    int size() {
        return photos.size();
    }
}
