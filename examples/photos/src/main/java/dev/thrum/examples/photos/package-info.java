/// A photo service, and an example of a whole application: uploads go to the disk, and pictures come from it, by the plugins for that,
/// thumbnails are made in a kernel, and the loops do nothing but copy.
///
/// Read [dev.thrum.examples.photos.Main] first, then `PhotoService` (what runs), `PhotoApp` (the plugins and the routes), `Uploads` (what
/// becomes of an uploaded picture), `PhotoStore` (the directory).
@NullMarked
package dev.thrum.examples.photos;

import org.jspecify.annotations.NullMarked;
