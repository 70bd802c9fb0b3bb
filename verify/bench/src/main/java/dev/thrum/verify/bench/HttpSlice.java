package dev.thrum.verify.bench;

import dev.thrum.verify.bench.ProcFs.CpuTime;
import java.io.IOException;

/// One peer under load for some seconds: the unit that rounds interleave.
/// @param report what wrk saw
/// @param server processor time of the server
/// @param client processor time of wrk
/// @param foreignNanos processor time that others used meanwhile; near zero on a quiet machine
/// @param elapsedNanos how long it took
/// @param residentBytes the server's memory at the end
record HttpSlice(
        WrkReport report, CpuTime server, CpuTime client, long foreignNanos, long elapsedNanos, long residentBytes) {

    static HttpSlice take(PeerProcess peer, Wrk wrk, int depth, int seconds)
            throws IOException, InterruptedException {
        long start = System.nanoTime();
        long machineBefore = ProcFs.machineNanos();
        CpuTime serverBefore = ProcFs.ofTree(peer.pid());
        Wrk.Run run = wrk.run(peer, depth, seconds);
        CpuTime server = ProcFs.ofTree(peer.pid()).since(serverBefore);
        long machine = ProcFs.machineNanos() - machineBefore;
        return new HttpSlice(
                run.report(),
                server,
                run.cpu(),
                machine - server.totalNanos() - run.cpu().totalNanos(),
                System.nanoTime() - start,
                ProcFs.residentBytes(peer.pid()));
    }

    double perSecond() {
        return report.perSecond();
    }

    double microsPerRequest() {
        return server.totalNanos() / 1e3 / report.requests();
    }

    double userMicros() {
        return server.userNanos() / 1e3 / report.requests();
    }

    double systemMicros() {
        return server.systemNanos() / 1e3 / report.requests();
    }

    double serverCpus() {
        return (double) server.totalNanos() / elapsedNanos;
    }

    double clientCpus() {
        return (double) client.totalNanos() / elapsedNanos;
    }

    double foreignCpus() {
        return (double) foreignNanos / elapsedNanos;
    }

    double residentMegabytes() {
        return residentBytes / 1e6;
    }
}
