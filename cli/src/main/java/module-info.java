/// The `thrum` command.
@org.jspecify.annotations.NullMarked
module dev.thrum.cli {
    requires static transitive org.jspecify;

    exports dev.thrum.cli;
}
