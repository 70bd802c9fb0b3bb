/// The `thrum` command.
@org.jspecify.annotations.NullMarked
module dev.thrum.cli {
    requires dev.thrum.system;
    requires dev.thrum.web;
    requires static transitive org.jspecify;

    exports dev.thrum.cli;

    uses dev.thrum.web.Application;
}
