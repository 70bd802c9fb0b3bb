/// A team of worker threads, and channels to talk to it.
@org.jspecify.annotations.NullMarked
module dev.thrum.kernel {
    requires transitive dev.thrum.promise;
    requires static transitive org.jspecify;

    exports dev.thrum.kernel;
}
