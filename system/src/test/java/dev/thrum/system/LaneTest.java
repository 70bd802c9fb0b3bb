package dev.thrum.system;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thrum.loop.EventLoop;
import dev.thrum.loop.ManualLoop;
import dev.thrum.promise.Promise;
import dev.thrum.promise.Promise.Rejected;
import dev.thrum.promise.RejectedPromiseException;
import dev.thrum.scope.Home;
import dev.thrum.scope.Key;
import dev.thrum.scope.Scope;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class LaneTest {
    private static final Key<String> USER = Key.of("user");

    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch gate = new CountDownLatch(1);
    private final List<String> log = new ArrayList<>();
    private final Lane lane = Lane.start("test", 1, 1);

    @AfterEach
    void open() {
        gate.countDown();
        lane.close();
    }

    private Promise<Boolean> occupy() throws InterruptedException {
        Promise<Boolean> busy = lane.submit(() -> {
            begun.countDown();
            return gate.await(30, SECONDS);
        });
        assertThat(begun.await(30, SECONDS)).isTrue();
        return busy;
    }

    @Test
    @Tag("SY-1")
    void aResultComesHomeToTheLoopThatAskedWhichIsHeldUntilThen() {
        EventLoop.run(loop -> lane.submit(() -> Thread.currentThread().getName())
                .tap(name -> log.add(name + " " + loop.isHere())));
        assertThat(log).containsExactly("thrum-test-0 true");
    }

    @Test
    @Tag("SY-2")
    void workRunsUnderTheScopeOfItsSenderWithoutItsHome() {
        EventLoop.run(loop -> Scope.current().with(USER, "ada").run(() -> lane.submit(
                        () -> Scope.current().get(USER).orElseThrow() + " " + (Home.current() == Home.root()))
                .tap(log::add)));
        assertThat(log).containsExactly("ada true");
    }

    @Test
    @Tag("SY-3")
    void whatWorkThrowsRejectsItsPromiseAsItIs() {
        var problem = new IOException("broken");
        Promise<Object> promise = lane.submit(() -> {
            throw problem;
        });
        assertThatThrownBy(promise::await).isInstanceOf(RejectedPromiseException.class).hasCause(problem);
    }

    @Test
    @Tag("SY-4")
    void aFullLaneRefusesAndSaysSo() throws Exception {
        Promise<Boolean> busy = occupy();
        Promise<String> waiting = lane.submit(() -> "waited");
        Promise<String> refused = lane.submit(() -> "never");
        assertThat(refused.state()).isInstanceOfSatisfying(Rejected.class, rejected -> assertThat(rejected.reason())
                .isInstanceOf(RejectedExecutionException.class)
                .hasMessageStartingWith("lane 'test' is full: ")
                .hasMessageContaining("waiting=1"));
        gate.countDown();
        assertThat(busy.await()).isTrue();
        assertThat(waiting.await()).isEqualTo("waited");
        assertThat(lane.submit(() -> "room again").await()).isEqualTo("room again");
        assertThat(lane.counters().refused()).isEqualTo(1);
        assertThat(lane.counters().done()).isEqualTo(3);
    }

    @Test
    @Tag("SY-5")
    void workThatIsCancelledBeforeItBeginsNeverRunsAndMakesRoom() throws Exception {
        Promise<Boolean> busy = occupy();
        Promise<Boolean> dropped = lane.submit(() -> log.add("dropped"));
        assertThat(dropped.cancel()).isTrue();
        Promise<Boolean> next = lane.submit(() -> log.add("next"));
        gate.countDown();
        assertThat(busy.await()).isTrue();
        assertThat(next.await()).isTrue();
        assertThat(log).containsExactly("next");
    }

    @Test
    @Tag("SY-5")
    void aScopeThatIsCancelledDropsWhatHasNotBegun() throws Exception {
        Promise<Boolean> busy = occupy();
        Scope request = Scope.current().child();
        Promise<Boolean> dropped = request.call(() -> lane.submit(() -> log.add("dropped")));
        var reason = new IOException("the client went away");
        request.cancel(reason);
        assertThatThrownBy(dropped::await).hasCause(reason);
        Promise<Boolean> late = request.call(() -> lane.submit(() -> log.add("late")));
        assertThatThrownBy(late::await).hasCause(reason);
        gate.countDown();
        assertThat(busy.await()).isTrue();
        assertThat(log).isEmpty();
    }

    @Test
    @Tag("SY-6")
    void aClosedLaneDoesWhatItAcceptedAndRefusesTheRest() throws Exception {
        Promise<Boolean> busy = occupy();
        Promise<String> accepted = lane.submit(() -> "done");
        lane.close();
        gate.countDown();
        Promise<@Nullable Object> refused = lane.submit(() -> null);
        assertThatThrownBy(refused::await)
                .cause()
                .isInstanceOf(RejectedExecutionException.class)
                .hasMessageMatching("lane 'test' is (full|closed).*");
        assertThat(busy.await()).isTrue();
        assertThat(accepted.await()).isEqualTo("done");
    }

    @Test
    void theResultOfAPromiseThatWasCancelledMeanwhileIsDiscarded() throws Exception {
        var discarded = new CountDownLatch(1);
        Promise<String> promise = lane.submit(
                () -> {
                    begun.countDown();
                    assertThat(gate.await(30, SECONDS)).isTrue();
                    return "open file";
                },
                result -> discarded.countDown(),
                () -> log.add("over"));
        assertThat(begun.await(30, SECONDS)).isTrue();
        promise.cancel();
        gate.countDown();
        assertThat(discarded.await(30, SECONDS)).isTrue();
        assertThat(log).containsExactly("over");
    }

    @Test
    void anUnreferencedPromiseLetsItsLoopEnd() throws Exception {
        try (ManualLoop loop = EventLoop.manual(() -> 0)) {
            loop.runHere(() -> {
                Promise<Boolean> promise = lane.submit(() -> gate.await(30, SECONDS));
                assertThat(loop.isAlive()).isTrue();
                promise.unref();
            });
            assertThat(loop.isAlive()).isFalse();
        }
    }

    @Test
    void boundsAreChecked() {
        assertThatThrownBy(() -> Lane.start("none", 0, 1)).hasMessage("threads must be 1 or more: 0");
        assertThatThrownBy(() -> Lane.start("none", 1, 0)).hasMessage("capacity must be 1 or more: 0");
    }
}
