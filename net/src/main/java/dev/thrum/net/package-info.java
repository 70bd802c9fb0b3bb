/// Sockets on a loop: connections, and servers that accept them.
///
/// Read [dev.thrum.net.Socket] first: a connection, made by [dev.thrum.net.Socket#connect] or accepted by a
/// [dev.thrum.net.TcpServer]. What can go wrong is a [dev.thrum.net.NetException].
///
/// All connections of a loop read into one buffer and write from one: a connection owns a buffer only while a reader has
/// left bytes unread, or the system did not take all that was written.
package dev.thrum.net;
