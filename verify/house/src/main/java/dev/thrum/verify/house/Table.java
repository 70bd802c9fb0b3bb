package dev.thrum.verify.house;

import static dev.thrum.verify.house.Room.room;

import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The rooms of the house, bottom up, and what each may require.
final class Table {

    /// Thrum's own. A room may stand here before it is built; no room may be built that does not stand here.
    static final Table THRUM = new Table(List.of(
            // the core: nothing but the JDK at run time
            room("scope"),
            room("promise", "scope"),
            room("kernel", "promise"),
            room("parallel", "kernel"),
            room("loop", "promise").jdk("jdk.unsupported"), // sun.misc.Signal
            room("net", "loop"),
            room("system", "loop"),
            room("tls", "net"),
            room("http", "net"),
            room("route", "http"),
            room("web", "route", "tls", "kernel"),
            room("plugins", "web", "system"),
            // what brings a library with it, or sees everything
            room("json", "web").libraries("tools.jackson.core", "tools.jackson.databind"),
            room("brotli", "plugins").libraries("com.aayushatharva.brotli4j"),
            room("testing", "web", "parallel", "plugins"),
            room("console", "web", "kernel").jdk("java.management"),
            room("cli", "web", "kernel", "console", "plugins").libraries("info.picocli")));

    /// The rooms that must run on a bare JDK.
    static final Set<String> CORE = Set.of(
            "scope", "promise", "kernel", "parallel", "loop", "net", "system", "tls", "http", "route", "web", "plugins");

    private final Map<String, Room> rooms = new LinkedHashMap<>();

    Table(List<Room> rooms) {
        for (Room room : rooms) {
            if (this.rooms.put(room.name(), room) != null) {
                throw new IllegalArgumentException("a room must stand in the table once: " + room.name());
            }
            if (!this.rooms.keySet().containsAll(room.on())) {
                throw new IllegalArgumentException("a room must stand above what it is on: " + room);
            }
        }
    }

    Optional<Room> find(String module) {
        return rooms().stream().filter(room -> room.module().equals(module)).findFirst();
    }

    Collection<Room> rooms() {
        return rooms.values();
    }

    /// {@return the names of all rooms below `room`}
    Set<String> below(Room room) {
        Set<String> below = new HashSet<>(room.on());
        for (String name : room.on()) {
            Room lower = rooms.get(name);
            if (lower != null) {
                below.addAll(below(lower));
            }
        }
        return below;
    }
}
