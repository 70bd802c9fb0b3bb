/// TLS on a socket: certificates that reload, names, mutual trust.
///
/// Read [dev.thrum.tls.Tls] first: a value that says how to speak TLS, and turns a [dev.thrum.net.Socket] into a
/// [dev.thrum.tls.TlsSocket], which is itself a socket. [dev.thrum.tls.Certificates] are what this side shows, read from
/// files by way of an [dev.thrum.tls.Identity] each, and read again when the files change. [dev.thrum.tls.Trust] is whom
/// this side believes. What can go wrong is a [dev.thrum.tls.TlsException].
///
/// The engine is the JDK's `SSLEngine`. What burns the processor in a handshake runs on a small lane of threads of its
/// own; everything else on the loop of the socket. The buffers are the loop's: a connection owns one only while a reader
/// leaves bytes unread, or a record has come in part.
package dev.thrum.tls;
