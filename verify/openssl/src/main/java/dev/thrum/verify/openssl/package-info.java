/// OpenSSL's client, server and files, against ours.
@org.jspecify.annotations.NullMarked
package dev.thrum.verify.openssl;
