/// What tests of programs on Thrum need: a loop whose time is the test's.
@org.jspecify.annotations.NullMarked
module dev.thrum.testing {
    requires static transitive org.jspecify;
    requires transitive dev.thrum.loop;

    exports dev.thrum.testing;
}
