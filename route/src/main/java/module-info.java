/// Which target answers which method, host and path.
@org.jspecify.annotations.NullMarked
module dev.thrum.route {
    requires transitive dev.thrum.http;
    requires static transitive org.jspecify;

    exports dev.thrum.route;
}
