/// A photo service, and an example of a whole application: uploads go to disk through a lane of their own, thumbnails are
/// made in a kernel, and the loops do nothing but copy.
///
/// Read [dev.thrum.examples.photos.Main] first, then `PhotoService` (what runs), `PhotoApp` (the routes), `Uploads` (a
/// picture on its way to disk), `PhotoStore` (the directory).
@NullMarked
package dev.thrum.examples.photos;

import org.jspecify.annotations.NullMarked;
