/// One main class for each peer that is written in Java, all with the same behaviour: see [dev.thrum.verify.bench.server.Hello].
@org.jspecify.annotations.NullMarked
package dev.thrum.verify.bench.server;
