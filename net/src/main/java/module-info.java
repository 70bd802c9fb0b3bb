/// Sockets on a loop: connections, and servers that accept them.
@org.jspecify.annotations.NullMarked
module dev.thrum.net {
    requires static transitive org.jspecify;
    requires transitive dev.thrum.loop;
    requires transitive dev.thrum.promise;

    exports dev.thrum.net;
}
