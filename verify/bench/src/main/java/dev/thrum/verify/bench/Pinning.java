package dev.thrum.verify.bench;

import java.util.ArrayList;
import java.util.List;

/// Which processor a process may run on. Server and client each have one of their own, else the scheduler's moods are
/// measured.
/// @param cpu a processor's number, or [#ANY]
record Pinning(int cpu) {

    static final int ANY = -1;
    static final Pinning NONE = new Pinning(ANY);

    /// {@return whether the machine can pin at all}
    static boolean possible() {
        return Tools.find("taskset").isPresent() && Runtime.getRuntime().availableProcessors() > 1;
    }

    List<String> wrap(List<String> command) {
        if (cpu == ANY || !possible()) {
            return command;
        }
        // taskset replaces itself by the command, so the process id is the command's.
        var pinned = new ArrayList<>(List.of("taskset", "-c", Integer.toString(cpu)));
        pinned.addAll(command);
        return pinned;
    }
}
