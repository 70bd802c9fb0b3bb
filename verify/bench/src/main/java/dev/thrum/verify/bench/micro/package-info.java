/// Micro-benchmarks: an abstract class for each question, a subclass for each peer that answers it.
///
/// A new peer is a new subclass, named for the peer and then for the question. JMH finds it, and the tables name it.
/// Peers are subclasses, not parameters, so that in the JVM of one peer there is only that peer's code to call.
@org.jspecify.annotations.NullMarked
package dev.thrum.verify.bench.micro;
