/// Algorithms, forks, futures and graphs of computations, on a kernel.
@org.jspecify.annotations.NullMarked
module dev.thrum.parallel {
    requires transitive dev.thrum.kernel;
    requires static transitive org.jspecify;

    exports dev.thrum.parallel;
}
