/// TLS on a socket: certificates that reload, names, mutual trust.
@org.jspecify.annotations.NullMarked
module dev.thrum.tls {
    requires static transitive org.jspecify;
    requires transitive dev.thrum.net;

    exports dev.thrum.tls;
}
