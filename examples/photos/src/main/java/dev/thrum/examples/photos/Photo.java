package dev.thrum.examples.photos;

import java.time.Instant;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/// What is known of a photo.
///
/// **Threads.** Immutable.
/// @param id its name, see [PhotoId]
/// @param format the format of the original
/// @param bytes the length of the original
/// @param width the width of the original in pixels, 0 while it is unknown
/// @param height the height of the original in pixels, 0 while it is unknown
/// @param sizes the thumbnails that are there
/// @param complete whether it is there for good; else its thumbnails are being made
record Photo(String id, Format format, long bytes, int width, int height, Set<Size> sizes, boolean complete) {

    Photo {
        sizes = Collections.unmodifiableSet(sizes.isEmpty() ? EnumSet.noneOf(Size.class) : EnumSet.copyOf(sizes));
    }

    /// {@return a photo whose thumbnails are to be made}
    static Photo received(String id, Format format, long bytes) {
        return new Photo(id, format, bytes, 0, 0, Set.of(), false);
    }

    Photo withPixels(int width, int height) {
        return new Photo(id, format, bytes, width, height, sizes, complete);
    }

    Photo withThumbnail(Size size) {
        EnumSet<Size> more = EnumSet.of(size);
        more.addAll(sizes);
        return new Photo(id, format, bytes, width, height, more, complete);
    }

    Photo completed() {
        return new Photo(id, format, bytes, width, height, sizes, true);
    }

    Instant uploaded() {
        return Instant.ofEpochMilli(PhotoId.millis(id));
    }

    /// {@return its path in the application}
    String path() {
        return "/photos/" + id;
    }
}
