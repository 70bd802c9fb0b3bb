package dev.thrum.loop;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// A turn of a loop that takes too long: what the [Watchdog] reports.
///
/// @param loop the name of the loop
/// @param time how long the turn has been seen to run; it may be longer by a quarter of [LoopConfig#patience]
/// @param place where the thread was found most often, as `Foo.bar:42`: the innermost code that is not the JDK's
/// @param percent how many of a hundred looks found it there
/// @param callback what runs: the handle, or the posted work
/// @param work the name of the work, if it has one: [dev.thrum.scope.Scope#WORK] of the scope that runs
/// @param stack one stack that was seen at `place`
/// @param isOver whether the turn has come to its end; false while it runs
public record BlockedTurn(
        String loop,
        Duration time,
        String place,
        int percent,
        String callback,
        Optional<String> work,
        List<StackTraceElement> stack,
        boolean isOver) {

    /// Copies the stack.
    public BlockedTurn {
        stack = List.copyOf(stack);
    }

    /// {@return one sentence, as in "loop 'main' is blocked for 740 ms, 92 % in Foo.bar:42, by timer of App, request GET /x"}
    public String message() {
        return "loop '" + loop + "' " + (isOver ? "was" : "is") + " blocked for " + time.toMillis() + " ms, " + percent
                + " % in " + place + ", by " + callback + work.map(name -> ", request " + name).orElse("");
    }
}
