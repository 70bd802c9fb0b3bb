package dev.thrum.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thrum.loop.EventLoop;
import dev.thrum.promise.Promise;
import dev.thrum.scope.Key;
import dev.thrum.scope.Scope;
import java.io.BufferedReader;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class DnsTest {
    private static final Duration LONG = Duration.ofMinutes(1);
    private static final Key<String> USER = Key.of("user");

    private final List<Object> log = Collections.synchronizedList(new ArrayList<>());

    // ---- addresses in digits

    @Test
    @Tag("N-80")
    void fourNumbersAreAnIpv4Address() {
        assertThat(List.of("127.0.0.1", "192.168.0.1", "74.125.224.104", "255.255.255.0", "0.0.0.0"))
                .allSatisfy(text -> assertThat(Dns.literal(text).orElseThrow().getHostAddress())
                        .isEqualTo(text));
    }

    @Test
    @Tag("N-80")
    void whatOnlyLooksLikeAnIpv4AddressIsNone() {
        assertThat(List.of(
                        "", "localhost", "1.2.3.4.", "1.2.3.257", "1.2.3.4.5", "1.2.3", "127.1", "0x7f000001",
                        "01.2.3.4", "1.2.3.-4", " 1.2.3.4", "1..3.4", "2130706433"))
                .allSatisfy(text -> assertThat(Dns.literal(text)).isEmpty());
    }

    @Test
    @Tag("N-81")
    void groupsOfHexDigitsAreAnIpv6Address() {
        assertThat(List.of("2001:db8:0:0:1:0:0:1", "2001:0db8::0001", "::", "::1", "fe80::", "2001::", "::ffff:0:1"))
                .allSatisfy(text -> assertThat(Dns.literal(text)).isPresent());
    }

    @Test
    @Tag("N-81")
    void whatOnlyLooksLikeAnIpv6AddressIsNone() {
        assertThat(List.of("2001:xyz::1", "2001:12345::1", "1:2:3:4:5:6:7:8:9", "1::2::3", ":", "a:b"))
                .allSatisfy(text -> assertThat(Dns.literal(text)).isEmpty());
    }

    // ---- looking up

    @Test
    @Tag("N-82")
    void localhostIsALoopbackAddress() {
        EventLoop.run(loop -> Dns.lookup("localhost").tap(addresses -> log.add(
                addresses.stream().allMatch(InetAddress::isLoopbackAddress) && loop.isHere())));
        assertThat(log).containsExactly(true);
    }

    @Test
    @Tag("N-83")
    void aNameThatDoesNotExistIsToldOnce() {
        EventLoop.run(loop -> {
            for (String host : List.of("no-such-host.invalid", "127.1", "1.2.3.4.5")) {
                Dns.lookup(host).recover(NetException.NotFound.class, problem -> {
                    log.add(problem.getMessage());
                    return List.of();
                });
            }
        });
        assertThat(log)
                .containsExactlyInAnyOrder(
                        "no such host: no-such-host.invalid", "no such host: 127.1", "no such host: 1.2.3.4.5");
    }

    @Test
    @Tag("N-84")
    void aHostsFileAnswersBothWaysInBothFamilies(@TempDir Path directory) throws Exception {
        Path hosts = Files.writeString(
                directory.resolve("hosts"), "10.1.2.3 thrum.test\n2001:db8::7 thrum.test\n10.1.2.4 four.test\n");
        Process process = ForkedJvm.start(Asking.class, List.of("-Djdk.net.hosts.file=" + hosts));
        try (BufferedReader out = process.inputReader()) {
            assertThat(out.lines().sorted())
                    .containsExactly(
                            "10.1.2.4 is four.test",
                            "2001:db8:0:0:0:0:0:7 is thrum.test",
                            "four.test has [10.1.2.4]",
                            "nobody 10.9.9.9: no such host: 10.9.9.9",
                            "thrum.test has [10.1.2.3, 2001:db8:0:0:0:0:0:7]");
        }
        assertThat(process.waitFor()).isZero();
    }

    /// Asks a resolver that knows the hosts file alone.
    static final class Asking {
        private Asking() {}

        public static void main(String[] args) {
            EventLoop.run(loop -> {
                lookUp("thrum.test");
                lookUp("four.test");
                nameOf("10.1.2.4");
                nameOf("2001:db8::7");
                Dns.reverse(InetAddress.ofLiteral("10.9.9.9"))
                        .recover(NetException.NotFound.class, problem -> {
                            System.out.println("nobody 10.9.9.9: " + problem.getMessage());
                            return "";
                        });
            });
        }

        private static void lookUp(String host) {
            Dns.lookup(host)
                    .tap(addresses -> System.out.println(host + " has "
                            + addresses.stream().map(InetAddress::getHostAddress).sorted().toList()));
        }

        private static void nameOf(String address) {
            InetAddress literal = InetAddress.ofLiteral(address);
            Dns.reverse(literal).tap(name -> System.out.println(literal.getHostAddress() + " is " + name));
        }
    }

    // ---- the lane

    @Test
    @Tag("N-85")
    void equalQuestionsAreAskedOnceAndEveryAnswerComesHomeWithItsScope() {
        var asked = new AtomicInteger();
        var go = new CountDownLatch(1);
        var lookup = new NameLookup<String, String>(host -> {
            asked.incrementAndGet();
            await(go);
            return host + "!";
        });
        EventLoop.run(loop -> {
            for (String user : List.of("anna", "bert", "cora")) {
                Scope.current().with(USER, user).run(() -> lookup.find("host", LONG)
                        .tap(answer -> log.add(answer + Scope.current().get(USER).orElseThrow() + loop.isHere())));
            }
            go.countDown();
        });
        assertThat(asked).hasValue(1);
        assertThat(log).containsExactlyInAnyOrder("host!annatrue", "host!berttrue", "host!coratrue");
    }

    @Test
    @Tag("N-86")
    void anAnswerThatTakesTooLongIsATimeoutAndAbandoned() {
        var go = new CountDownLatch(1);
        var lookup = new NameLookup<String, String>(host -> {
            await(go);
            return "late";
        });
        EventLoop.run(loop -> lookup.find("host", Duration.ofMillis(10)).recover(NetException.Timeout.class, problem -> {
            log.add(problem.getMessage());
            return "";
        }));
        go.countDown();
        assertThat(log).containsExactly("no answer within PT0.01S: host");
    }

    @Test
    @Tag("N-87")
    void aCancelledQuestionIsAbandonedAndReleasesItsLoop() {
        var begun = new CountDownLatch(1);
        var go = new CountDownLatch(1);
        var lookup = new NameLookup<String, String>(host -> {
            begun.countDown();
            await(go);
            return "late";
        });
        EventLoop.run(loop -> {
            Promise<String> answer = lookup.find("host", LONG);
            await(begun);
            log.add(answer.cancel());
            log.add(loop.whyAlive());
        });
        go.countDown();
        assertThat(log).containsExactly(true, List.of());
    }

    @Test
    @Tag("N-88")
    void theLaneHasEightThreadsAndDropsWhatNobodyWaitsForAnyMore() {
        var running = new AtomicInteger();
        var most = new AtomicInteger();
        var asked = new AtomicInteger();
        var eight = new CountDownLatch(8);
        var go = new CountDownLatch(1);
        var lookup = new NameLookup<Integer, Integer>(number -> {
            asked.incrementAndGet();
            most.accumulateAndGet(running.incrementAndGet(), Math::max);
            eight.countDown();
            await(go);
            running.decrementAndGet();
            return number;
        });
        EventLoop.run(loop -> {
            for (int i = 0; i < 20; i++) {
                lookup.find(i, LONG).tap(log::add);
            }
            Promise<Integer> unwanted = lookup.find(20, LONG);
            await(eight);
            unwanted.cancel();
            go.countDown();
        });
        assertThat(log).hasSize(20).doesNotContain(20);
        assertThat(asked).hasValue(20);
        assertThat(most).hasValueBetween(1, 8);
    }

    @Test
    void aProblemOfTheResolverItselfIsToldToo() {
        var lookup = new NameLookup<String, String>(host -> {
            if (host.equals("bad")) {
                throw new IllegalStateException("broken");
            }
            throw new UnknownHostException(host);
        });
        EventLoop.run(loop -> {
            lookup.find("bad", LONG).recover(IllegalStateException.class, Throwable::getMessage).tap(log::add);
            lookup.find("no", LONG).recover(NetException.NotFound.class, Throwable::getMessage).tap(log::add);
        });
        assertThat(log).containsExactlyInAnyOrder("broken", "no such host: no");
    }

    @Test
    void withoutALoopAPromiseIsAwaited() throws InterruptedException {
        var where = new AtomicReference<Thread>();
        assertThat(Dns.lookup("localhost").tap(addresses -> where.set(Thread.currentThread())).await()).isNotEmpty();
        assertThat(where.get()).isNotNull();
    }

    @Test
    void whatCannotBeAskedIsRefusedAtOnce() {
        assertThatThrownBy(() -> Dns.lookup("")).isInstanceOf(IllegalArgumentException.class).hasMessage("host must not be empty");
        assertThatThrownBy(() -> Dns.lookup("localhost", Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("limit must be positive: PT0S");
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
