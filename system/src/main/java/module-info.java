/// Files, child processes and file watches, each on threads of their own.
@org.jspecify.annotations.NullMarked
module dev.thrum.system {
    requires static transitive org.jspecify;
    requires transitive dev.thrum.loop;
    requires transitive dev.thrum.promise;

    exports dev.thrum.system;
}
