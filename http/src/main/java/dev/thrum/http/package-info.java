/// HTTP messages, and the HTTP/1.1 codec between them and a socket. No application lives here.
///
/// Read [dev.thrum.http.Exchange] first: one request and its answer on one connection. A [dev.thrum.http.Service] gets
/// one for each request; [dev.thrum.http.Http1] makes them from the bytes of a [dev.thrum.net.Socket], strictly by
/// RFC 9110 and RFC 9112, within [dev.thrum.http.Limits] and [dev.thrum.http.Timeouts].
package dev.thrum.http;
