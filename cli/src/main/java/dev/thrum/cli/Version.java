package dev.thrum.cli;

import static java.util.stream.Collectors.joining;

import java.lang.module.ModuleDescriptor;

/// What runs here.
final class Version {
    private static final String ROOMS = "dev.thrum.";
    private static final Runtime.Version RECOMMENDED = Runtime.Version.parse("25.0.4");

    private Version() {}

    static String text() {
        return "thrum  " + build() + "%n".formatted()
                + "jdk    " + jdk() + "%n".formatted()
                + "rooms  " + rooms(ModuleLayer.boot()) + "%n".formatted()
                + advice(Runtime.version());
    }

    private static String build() {
        ModuleDescriptor descriptor = Version.class.getModule().getDescriptor();
        String version = descriptor == null
                ? "outside its module"
                : descriptor.version().map(Object::toString).orElse("without a version");
        String commit = System.getProperty("thrum.commit", "");
        return commit.isEmpty() ? version : version + " (commit " + commit + ")";
    }

    private static String jdk() {
        return Runtime.version() + ", " + System.getProperty("java.vendor") + ", " + System.getProperty("java.home");
    }

    private static String rooms(ModuleLayer layer) {
        return layer.modules().stream()
                .map(Module::getName)
                .filter(name -> name.startsWith(ROOMS))
                .map(name -> name.substring(ROOMS.length()))
                .sorted()
                .collect(joining(", "));
    }

    /// {@return what to do about this JDK: a line, or nothing}
    static String advice(Runtime.Version running) {
        if (running.compareToIgnoreOptional(RECOMMENDED) >= 0) {
            return "";
        }
        return "note   JDK 25.0.4 or newer is recommended: before it a virtual thread can get stuck (JDK-8373120)%n"
                .formatted();
    }
}
