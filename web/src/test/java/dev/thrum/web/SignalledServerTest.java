package dev.thrum.web;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.loop.Signal;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A server in a process of its own that is told to end.
@Timeout(120)
class SignalledServerTest {

    /// Says its port, when somebody waits, and what it does at its end.
    static final class Program {
        public static void main(String[] args) throws InterruptedException {
            CountDownLatch mayAnswer = new CountDownLatch(1);
            Server server = WebApp.create()
                    .get("/slow", Handler.blocking((request, response) -> {
                        System.out.println("asked");
                        mayAnswer.await();
                        response.send("done");
                    }))
                    .get("/release", (request, response) -> {
                        mayAnswer.countDown();
                        response.send("released");
                    })
                    .onStop("last", Duration.ofSeconds(60), () -> System.out.println("last phase"))
                    .start(Listener.http(0).withHost("127.0.0.1"));
            server.closeOn(Signal.TERM, Drain.standard().withGrace(Duration.ofSeconds(100)).withQuiet(Duration.ofSeconds(100)));
            System.out.println(server.ports().getFirst());
            server.join();
            System.out.println("joined");
        }
    }

    @Test
    @Tag("W-54")
    void aSignalIsHeardThoughALoopIsStuck() throws Exception {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch mayGoOn = new CountDownLatch(1);
        Server server = WebApp.create()
                .get("/park", (request, response) -> {
                    entered.countDown();
                    mayGoOn.await();
                    response.send("parked");
                })
                .start(Listener.http(0).withHost("127.0.0.1"));
        server.closeOn(Signal.HUP, Drain.standard().withGrace(Duration.ofSeconds(100)));
        try (RawClient client = new RawClient(server.ports().getFirst())) {
            client.write("GET /park HTTP/1.1\r\nHost: h\r\n\r\n");
            entered.await();
            String self = Long.toString(ProcessHandle.current().pid());
            assertThat(new ProcessBuilder("kill", "-HUP", self).start().waitFor()).isZero();
            while (server.life() == Server.Life.READY) {
                Thread.onSpinWait(); // the signal is on its way
            }
            mayGoOn.countDown();
            assertThat(client.read(true).body()).isEqualTo("parked");
        }
        server.join();
        assertThat(server.life()).isEqualTo(Server.Life.CLOSED);
    }

    // a process that is destroyed closes its streams; its handle leaves them alone

    @Test
    @Tag("W-54")
    void aSignalDrainsTheServerAndThenTheProcessEnds() throws Exception {
        Process process = JavaProcess.of(Program.class);
        try (var out = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8))) {
            int port = Integer.parseInt(out.readLine());
            try (RawClient slow = new RawClient(port);
                    RawClient other = new RawClient(port)) {
                other.write("GET /none HTTP/1.1\r\nHost: h\r\n\r\n");
                other.read(true);
                slow.write("GET /slow HTTP/1.1\r\nHost: h\r\n\r\n");
                assertThat(out.readLine()).isEqualTo("asked");

                process.toHandle().destroy();
                other.write("GET /release HTTP/1.1\r\nHost: h\r\n\r\n");

                assertThat(other.read(true).body()).isEqualTo("released");
                assertThat(slow.read(true).body()).isEqualTo("done");
            }
            assertThat(out.readLine()).isEqualTo("last phase");
            assertThat(out.readLine()).isEqualTo("joined");
            assertThat(process.waitFor(60, SECONDS)).isTrue();
            assertThat(process.exitValue()).isZero();
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    @Tag("W-54")
    void aSecondSignalCutsOff() throws Exception {
        Process process = JavaProcess.of(Program.class);
        try (var out = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8))) {
            try (RawClient slow = new RawClient(Integer.parseInt(out.readLine()))) {
                slow.write("GET /slow HTTP/1.1\r\nHost: h\r\n\r\n");
                assertThat(out.readLine()).isEqualTo("asked");
                process.toHandle().destroy();
                while (process.isAlive()) { // signals that come together are one to the system
                    process.toHandle().destroy();
                    process.waitFor(50, TimeUnit.MILLISECONDS);
                }
            }
        } finally {
            process.destroyForcibly();
        }
    }
}
