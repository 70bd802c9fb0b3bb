/// Brotli for [dev.thrum.plugins.Compression], by a native library.
@org.jspecify.annotations.NullMarked
module dev.thrum.brotli {
    requires transitive dev.thrum.plugins;
    requires com.aayushatharva.brotli4j;
    requires static transitive org.jspecify;

    exports dev.thrum.brotli;
}
