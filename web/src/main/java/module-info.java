/// Applications: routes, hooks, listeners, servers.
@org.jspecify.annotations.NullMarked
module dev.thrum.web {
    requires transitive dev.thrum.kernel;
    requires transitive dev.thrum.route;
    requires transitive dev.thrum.tls;
    requires static transitive org.jspecify;

    exports dev.thrum.web;
}
