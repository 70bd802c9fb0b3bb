package dev.thrum.verify.bench;

import dev.thrum.verify.bench.ProcFs.CpuTime;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The load generator `wrk`, keep-alive.
/// @param pinning its processor
/// @param connections how many connections it holds open
/// @param work where its scripts lie; see [#prepare]
/// @param load what it asks for
record Wrk(Pinning pinning, int connections, Path work, Load load) {

    private static final String PIPELINE = "pipeline.lua";

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
        String script = script(Integer.MAX_VALUE);
        if (!script.isEmpty()) {
            ScriptPeer.copy(script, work.resolve(script));
        }
    }

    private String script(int depth) {
        return depth > 1 && load.pipelined() ? PIPELINE : load.script();
    }

    /// Loads a peer.
    /// @param peer the peer
    /// @param depth how many requests are sent at a time on each connection
    /// @param seconds how long
    /// @return what came of it
    Run run(PeerProcess peer, int depth, int seconds) throws IOException, InterruptedException {
        CpuTime before = ProcFs.ofEndedChildren();
        Process process = new ProcessBuilder(pinning.wrap(command(peer.url(load.path()), depth, seconds)))
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
                List.of("wrk", "-t" + load.threads(), "-c" + connections, "-d" + seconds + "s", "--latency"));
        if (!script(depth).isEmpty()) {
            command.addAll(List.of("-s", work.resolve(script(depth)).toString()));
        }
        command.add(url);
        if (depth > 1) {
            command.addAll(List.of("--", Integer.toString(depth)));
        }
        return command;
    }
}
