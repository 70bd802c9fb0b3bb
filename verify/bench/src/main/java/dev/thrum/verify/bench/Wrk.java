package dev.thrum.verify.bench;

import dev.thrum.verify.bench.ProcFs.CpuTime;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The load generator `wrk`, one thread, keep-alive.
/// @param pinning its processor
/// @param connections how many connections it holds open
/// @param work where its script lies; see [#prepare]
record Wrk(Pinning pinning, int connections, Path work) {

    private static final String SCRIPT = "pipeline.lua";

    /// One run.
    /// @param report what wrk said
    /// @param cpu what wrk itself used; near its whole time means that wrk was the limit
    record Run(WrkReport report, CpuTime cpu) {}

    Wrk {
        if (Tools.find("wrk").isEmpty()) {
            throw new UsageException("this program needs wrk on the PATH");
        }
    }

    void prepare() throws IOException {
        ScriptPeer.copy(SCRIPT, work.resolve(SCRIPT));
    }

    /// Loads `url`.
    /// @param depth how many requests are sent at a time on each connection
    /// @param seconds how long
    /// @return what came of it
    Run run(String url, int depth, int seconds) throws IOException, InterruptedException {
        CpuTime before = ProcFs.ofEndedChildren();
        Process process = new ProcessBuilder(pinning.wrap(command(url, depth, seconds)))
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int status = process.waitFor();
        if (status != 0) {
            throw new IOException("wrk ended with " + status + "\n" + output);
        }
        return new Run(WrkReport.parse(output), ProcFs.ofEndedChildren().since(before));
    }

    private List<String> command(String url, int depth, int seconds) {
        var command = new ArrayList<>(
                List.of("wrk", "-t1", "-c" + connections, "-d" + seconds + "s", "--latency"));
        if (depth > 1) {
            command.addAll(List.of("-s", work.resolve(SCRIPT).toString()));
        }
        command.add(url);
        if (depth > 1) {
            command.addAll(List.of("--", Integer.toString(depth)));
        }
        return command;
    }
}
