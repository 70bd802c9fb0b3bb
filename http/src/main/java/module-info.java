/// HTTP messages, and the HTTP/1.1 codec between them and a socket.
@org.jspecify.annotations.NullMarked
module dev.thrum.http {
    requires static transitive org.jspecify;
    requires transitive dev.thrum.net;

    exports dev.thrum.http;
}
