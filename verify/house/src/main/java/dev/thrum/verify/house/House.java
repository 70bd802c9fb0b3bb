package dev.thrum.verify.house;

import static java.util.stream.Collectors.joining;

import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleDescriptor.Modifier;
import java.lang.module.ModuleDescriptor.Requires;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;
import java.util.Set;

/// Compares the module descriptors of rooms with the table.
final class House {
    private static final String ANNOTATIONS = "org.jspecify";

    private final Table table;
    private final Map<String, ModuleDescriptor> rooms = new LinkedHashMap<>();
    private final List<String> problems = new ArrayList<>();

    private House(Table table, Collection<ModuleDescriptor> rooms) {
        this.table = table;
        rooms.forEach(room -> this.rooms.put(room.name(), room));
    }

    /// {@return one sentence for each broken rule}
    static List<String> problems(Table table, Collection<ModuleDescriptor> rooms) {
        House house = new House(table, rooms);
        rooms.forEach(house::inspect);
        house.findCycle();
        return house.problems;
    }

    private void inspect(ModuleDescriptor module) {
        table.find(module.name())
                .ifPresentOrElse(
                        room -> {
                            inspectRequires(room, module);
                            inspectPackages(room, module);
                            inspectExports(room, module);
                        },
                        () -> problems.add(module.name() + " is not in the table of rooms"));
    }

    private void inspectRequires(Room room, ModuleDescriptor module) {
        Set<String> allowed = allowed(room);
        for (Requires requires : module.requires()) {
            String name = requires.name();
            boolean atCompileTime = requires.modifiers().contains(Requires.Modifier.STATIC);
            if (name.equals(ANNOTATIONS) && !atCompileTime) {
                problems.add(module.name() + " requires " + name + " at run time: it must be static");
            } else if (!name.equals(ANNOTATIONS) && !allowed.contains(name)) {
                problems.add(module.name() + " requires " + name + ": the table allows only " + sorted(allowed));
            }
        }
    }

    private Set<String> allowed(Room room) {
        Set<String> allowed = new HashSet<>(Set.of("java.base"));
        allowed.addAll(room.jdk());
        allowed.addAll(room.libraries());
        table.rooms().stream()
                .filter(each -> table.below(room).contains(each.name()))
                .forEach(each -> allowed.add(each.module()));
        return allowed;
    }

    private void inspectPackages(Room room, ModuleDescriptor module) {
        Set<String> others = new HashSet<>(module.packages());
        if (!others.remove(room.module())) {
            problems.add(module.name() + " is empty: it has no type in the package " + room.module());
        }
        if (!others.isEmpty()) {
            problems.add(module.name() + " has a second package: " + sorted(others));
        }
    }

    private void inspectExports(Room room, ModuleDescriptor module) {
        boolean exported = false;
        for (ModuleDescriptor.Exports exports : module.exports()) {
            if (exports.isQualified()) {
                problems.add(module.name() + " exports " + exports.source() + " to " + sorted(exports.targets())
                        + ": rooms meet through public API alone");
            } else if (exports.source().equals(room.module())) {
                exported = true;
            } else {
                problems.add(module.name() + " exports " + exports.source() + ": a room exports its own package only");
            }
        }
        if (!exported) {
            problems.add(module.name() + " does not export its package");
        }
        if (module.modifiers().contains(Modifier.OPEN) || !module.opens().isEmpty()) {
            problems.add(module.name() + " is open to reflection: rooms meet through public API alone");
        }
    }

    private void findCycle() {
        Set<String> harmless = new HashSet<>();
        rooms.keySet().forEach(name -> walk(name, new LinkedHashSet<>(), harmless));
    }

    private void walk(String name, SequencedSet<String> path, Set<String> harmless) {
        ModuleDescriptor module = rooms.get(name);
        if (module == null || harmless.contains(name)) {
            return;
        }
        if (!path.add(name)) {
            List<String> steps = List.copyOf(path);
            problems.add("a cycle: " + String.join(" → ", steps.subList(steps.indexOf(name), steps.size())) + " → "
                    + name);
            return;
        }
        module.requires().forEach(requires -> walk(requires.name(), path, harmless));
        path.remove(name);
        harmless.add(name);
    }

    private static String sorted(Set<String> names) {
        return names.stream().sorted().collect(joining(", "));
    }
}
