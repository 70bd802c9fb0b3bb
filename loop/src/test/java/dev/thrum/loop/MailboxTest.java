package dev.thrum.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thrum.loop.Mailbox.Overflow;
import dev.thrum.scope.Key;
import dev.thrum.scope.Scope;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class MailboxTest {
    private static final Key<String> USER = Key.of("user");

    private final List<Object> log = Collections.synchronizedList(new ArrayList<>());
    private final ManualLoop loop =
            EventLoop.manual(LoopConfig.named("test").withOnError(log::add), () -> 0);

    @AfterEach
    void closeTheLoop() {
        loop.close();
    }

    @Test
    @Tag("L-90")
    void everyMessageArrivesInOrder() {
        Mailbox<Integer> mailbox = loop.mailbox(10, Overflow.REJECT, log::add);
        for (int i = 0; i < 10; i++) {
            assertThat(mailbox.send(i)).isTrue();
        }
        assertThat(mailbox.size()).isEqualTo(10);
        loop.turn();
        assertThat(log).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
        assertThat(mailbox.size()).isZero();
    }

    @Test
    @Tag("L-91")
    void aFullBatchLeavesRoomForOtherPostedWork() {
        Mailbox<Integer> mailbox = loop.mailbox(1000, Overflow.REJECT, log::add);
        IntStream.range(0, 1000).forEach(mailbox::send);
        loop.post(() -> log.add("other work"));
        loop.turn();
        assertThat(log).contains("other work").hasSize(1001);
        assertThat(log.indexOf("other work")).isLessThan(1000);
    }

    @Test
    @Tag("L-92")
    void aReceiverRunsUnderTheScopeOfTheSenderAtTheLoop() {
        Mailbox<String> mailbox = loop.mailbox(
                10, Overflow.REJECT, message -> log.add(message + Scope.current().get(USER).orElse("nobody")
                        + (Scope.current().home() == loop)));
        Scope.root().with(USER, "ada").run(() -> mailbox.send("from "));
        mailbox.send("from ");
        loop.turn();
        assertThat(log).containsExactly("from adatrue", "from nobodytrue");
    }

    @Test
    @Tag("L-93")
    void aMessageWithoutRoomIsRefused() {
        Mailbox<Integer> mailbox = loop.mailbox(2, Overflow.REJECT, log::add);
        assertThat(List.of(mailbox.send(1), mailbox.send(2), mailbox.send(3))).containsExactly(true, true, false);
        loop.turn();
        assertThat(mailbox.send(4)).isTrue();
        loop.turn();
        assertThat(log).containsExactly(1, 2, 4);
    }

    @Test
    @Tag("L-93")
    void theOldestMessageMakesRoomAndIsCounted() {
        Mailbox<Integer> mailbox = loop.mailbox(2, Overflow.DROP_OLDEST, log::add);
        assertThat(List.of(mailbox.send(1), mailbox.send(2), mailbox.send(3))).containsExactly(true, true, true);
        loop.turn();
        assertThat(log).containsExactly(2, 3);
        assertThat(mailbox.dropped()).isEqualTo(1);
    }

    @Test
    @Tag("L-93")
    void aSenderWaitsForRoom() throws Exception {
        EventLoop busy = EventLoop.start("busy");
        var go = new CompletableFuture<Void>();
        Mailbox<Integer> mailbox = NotifierStressTest.on(busy, () -> busy.mailbox(1, Overflow.BLOCK, log::add));
        busy.execute(go::join);
        mailbox.send(1);
        Thread sender = Thread.ofVirtual().start(() -> log.add(mailbox.send(2)));
        while (sender.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
        assertThat(log).isEmpty();
        go.complete(null);
        sender.join();
        NotifierStressTest.on(busy, () -> null);
        NotifierStressTest.on(busy, () -> null);
        assertThat(log).containsExactlyInAnyOrder(1, 2, true);
        busy.exit();
    }

    @Test
    @Tag("L-94")
    void theThreadOfALoopNeverWaitsForRoom() {
        EventLoop.run(here -> {
            Mailbox<Integer> mailbox = here.mailbox(1, Overflow.BLOCK, log::add);
            log.add(mailbox.send(1));
            log.add(mailbox.send(2));
            mailbox.close();
        });
        assertThat(log).containsExactly(true, false, 1);
    }

    @Test
    void anInterruptedSenderIsRefusedAndKeepsItsFlag() throws Exception {
        Mailbox<Integer> mailbox = loop.mailbox(1, Overflow.BLOCK, log::add);
        mailbox.send(1);
        Thread sender = Thread.ofPlatform().start(() -> {
            Thread.currentThread().interrupt();
            log.add(mailbox.send(2));
            log.add(Thread.currentThread().isInterrupted());
        });
        sender.join();
        assertThat(log).containsExactly(false, true);
    }

    @Test
    @Tag("L-95")
    void closedItRefusesAndTellsThoseWhoWaitButDeliversWhatItAccepted() throws Exception {
        Mailbox<Integer> mailbox = loop.mailbox(1, Overflow.BLOCK, log::add);
        mailbox.send(1);
        Thread sender = Thread.ofPlatform().start(() -> log.add(mailbox.send(2)));
        while (sender.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
        mailbox.close();
        mailbox.close();
        sender.join();
        assertThat(mailbox.isOpen()).isFalse();
        assertThat(mailbox.send(3)).isFalse();
        loop.turn();
        assertThat(log).containsExactly(false, 1);
        assertThat(loop.isAlive()).isFalse();
    }

    @Test
    @Tag("L-95")
    void closedItDropsNothingInFavourOfWhatItRefuses() {
        Mailbox<Integer> mailbox = loop.mailbox(1, Overflow.DROP_OLDEST, log::add);
        mailbox.send(1);
        mailbox.close();
        assertThat(mailbox.send(2)).isFalse();
        assertThat(mailbox.dropped()).isZero();
        loop.turn();
        assertThat(log).containsExactly(1);
    }

    @Test
    @Tag("L-95")
    void theEndOfTheLoopDeliversWhatWasAccepted() {
        Mailbox<Integer> mailbox = loop.mailbox(1000, Overflow.REJECT, log::add);
        IntStream.range(0, 600).forEach(mailbox::send);
        loop.close();
        assertThat(log).hasSize(600);
        assertThat(mailbox.send(1)).isFalse();
    }

    @Test
    @Tag("L-96")
    void aFailingReceiverGetsTheNextMessageAllTheSame() {
        Mailbox<Integer> mailbox = loop.mailbox(10, Overflow.REJECT, message -> {
            throw new IllegalStateException("failed at " + message);
        });
        mailbox.send(1);
        mailbox.onError(problem -> log.add(problem.getMessage()));
        mailbox.send(2);
        loop.turn();
        assertThat(log).containsExactly("failed at 1", "failed at 2");
    }

    @Test
    void itKeepsItsLoopAliveUntilItIsClosedUnlessUnreferenced() {
        Mailbox<Integer> mailbox = loop.mailbox(10, Overflow.REJECT, log::add);
        assertThat(loop.isAlive()).isTrue();
        mailbox.unref();
        assertThat(loop.isAlive()).isFalse();
        mailbox.ref();
        mailbox.close();
        assertThat(loop.isAlive()).isFalse();
    }

    @Test
    void aMailboxWithoutRoomIsRefused() {
        assertThatThrownBy(() -> loop.mailbox(0, Overflow.REJECT, log::add))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("capacity must be positive: 0");
    }

    /// Senders race with each other and with the end: what was accepted arrives, in the order of its sender.
    @Test
    @Tag("L-95")
    @Tag("stress")
    void whatWasAcceptedArrivesWhileTheLoopEnds() throws Exception {
        long end = System.nanoTime() + Long.getLong("thrum.stress.millis", 300) * 1_000_000;
        for (int round = 0; System.nanoTime() < end; round++) {
            EventLoop ending = EventLoop.start("ending");
            int[] received = new int[2];
            Overflow overflow = (round & 1) == 0 ? Overflow.BLOCK : Overflow.REJECT;
            Mailbox<Integer> mailbox = NotifierStressTest.on(
                    ending, () -> ending.mailbox(8, overflow, sender -> received[sender]++));
            var accepted = new CompletableFuture<?>[2];
            for (int i = 0; i < 2; i++) {
                int sender = i;
                accepted[i] = CompletableFuture.supplyAsync(() -> sendUntilRefused(mailbox, sender, ending), Thread::startVirtualThread);
            }
            ending.execute(() -> ending.after(Duration.ofMillis(1), ending::exit));
            int first = (int) accepted[0].get(20, TimeUnit.SECONDS);
            int second = (int) accepted[1].get(20, TimeUnit.SECONDS);
            assertThat(ending.awaitEnd(Duration.ofSeconds(20))).isTrue();
            assertThat(received).containsExactly(first, second);
        }
    }

    private static int sendUntilRefused(Mailbox<Integer> mailbox, int sender, EventLoop loop) {
        int sent = 0;
        while (loop.post(() -> {})) {
            sent += mailbox.send(sender) ? 1 : 0;
        }
        return sent;
    }
}
