package dev.thrum.verify.bench;

import java.util.regex.Pattern;

/// One question put to one peer: a benchmark method of a class of the package `micro`.
/// @param className the class, fully qualified
/// @param peer the class's name without its subject
/// @param question the method's name
record MicroBenchmark(String className, String peer, String question) {

    /// {@return how the progress names it}
    String label() {
        return peer + "." + question;
    }

    /// {@return what makes JMH run this one only}
    String pattern() {
        return "^" + Pattern.quote(className + "." + question) + "$";
    }
}
