/// Values that arrive later, and come home.
@org.jspecify.annotations.NullMarked
module dev.thrum.promise {
    requires transitive dev.thrum.scope;
    requires static transitive org.jspecify;

    exports dev.thrum.promise;
}
