/// One thread that runs callbacks, one at a time: timers, notifiers, channels.
@org.jspecify.annotations.NullMarked
module dev.thrum.loop {
    requires static transitive org.jspecify;
    requires transitive dev.thrum.scope;
    requires jdk.unsupported; // sun.misc.Signal

    exports dev.thrum.loop;
}
