package dev.thrum.verify.house;

import java.util.Set;

/// A row of the table.
///
/// @param name the folder, and the last part of the module's and the package's name
/// @param on the rooms right below it; it may require these, and what is below them
/// @param jdk the modules of the JDK it may require, beside `java.base`
/// @param libraries the modules of third parties it may require
record Room(String name, Set<String> on, Set<String> jdk, Set<String> libraries) {

    static Room room(String name, String... on) {
        return new Room(name, Set.of(on), Set.of(), Set.of());
    }

    Room jdk(String... modules) {
        return new Room(name, on, Set.of(modules), libraries);
    }

    Room libraries(String... modules) {
        return new Room(name, on, jdk, Set.of(modules));
    }

    /// {@return the name of its module, and of its one package}
    String module() {
        return "dev.thrum." + name;
    }
}
