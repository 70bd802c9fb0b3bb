/// What travels with a piece of work, and where it comes home.
@org.jspecify.annotations.NullMarked
module dev.thrum.scope {
    requires static transitive org.jspecify;

    exports dev.thrum.scope;
}
