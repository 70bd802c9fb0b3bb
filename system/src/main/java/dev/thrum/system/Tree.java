package dev.thrum.system;

import dev.thrum.scope.Home;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Set;

/// Ends a process and its descendants.
///
/// Their handles know when a process began, so none that got its number later is hit. `Process.destroy` is of no use here: it
/// closes the pipes too, on the thread of its caller, which waits there for a writer that waits for the child.
final class Tree {
    private final ProcessHandle root;
    private final Lane lane;

    Tree(ProcessHandle root, Lane lane) {
        this.root = root;
        this.lane = lane;
    }

    /// Asks all of them to end, and kills who is left after `grace`; at once if that is zero.
    void end(Duration grace) {
        lane.proceed(() -> {
            Set<ProcessHandle> members = members();
            if (grace.isZero()) {
                kill(members);
            } else {
                members.forEach(ProcessHandle::destroy);
                Home.root().schedule(grace, () -> lane.proceed(() -> kill(members)));
            }
        });
    }

    /// Parents come before their children.
    private Set<ProcessHandle> members() {
        var members = new LinkedHashSet<ProcessHandle>();
        members.add(root);
        root.descendants().forEach(members::add);
        return members;
    }

    /// A child of one that is dead belongs to somebody else, so all are looked for before the first is killed.
    private static void kill(Set<ProcessHandle> members) {
        var all = new LinkedHashSet<>(members);
        members.forEach(member -> member.descendants().forEach(all::add));
        all.forEach(ProcessHandle::destroyForcibly);
    }

    /// Sends a signal to the process alone. The JDK knows two signals; the shell, which is everywhere, knows all.
    /// @return whether the process was there to get it
    boolean signal(String name) throws IOException, InterruptedException {
        if (!root.isAlive()) {
            return false;
        }
        Process kill = new ProcessBuilder("/bin/sh", "-c", "kill -s \"$1\" \"$2\"", "sh", name, "" + root.pid())
                .redirectErrorStream(true)
                .start();
        String complaint;
        try (InputStream output = kill.getInputStream()) {
            complaint = new String(output.readAllBytes(), StandardCharsets.UTF_8).strip();
        }
        if (kill.waitFor() == 0) {
            return true;
        }
        if (root.isAlive()) {
            throw new IOException("cannot send " + name + " to process " + root.pid() + ": " + complaint);
        }
        return false;
    }
}
