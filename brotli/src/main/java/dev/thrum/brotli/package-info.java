/// Brotli, by a native library: [dev.thrum.brotli.Brotli] is a coding for [dev.thrum.plugins.Compression].
package dev.thrum.brotli;
