/// What most web applications need: forms, cookies, files, uploads, sessions and their like.
@org.jspecify.annotations.NullMarked
module dev.thrum.plugins {
    requires transitive dev.thrum.system;
    requires transitive dev.thrum.web;
    requires static transitive org.jspecify;

    exports dev.thrum.plugins;
}
