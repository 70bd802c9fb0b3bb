package dev.thrum.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thrum.scope.Key;
import dev.thrum.scope.Scope;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.nio.channels.SelectionKey;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class PollTest {
    private final List<Object> log = new ArrayList<>();
    private final ManualLoop loop =
            EventLoop.manual(LoopConfig.named("test").withOnError(log::add), () -> 0);
    private Pipe pipe;

    @BeforeEach
    void openThePipe() throws IOException {
        pipe = Pipe.open();
        pipe.source().configureBlocking(false);
        pipe.sink().configureBlocking(false);
    }

    @AfterEach
    void closeEverything() throws IOException {
        loop.close();
        pipe.source().close();
        pipe.sink().close();
    }

    private void send() throws IOException {
        pipe.sink().write(ByteBuffer.wrap(new byte[] {42}));
    }

    private void receive() {
        try {
            log.add(pipe.source().read(loop.readBuffer()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    @Tag("L-16")
    void callsUnderTheScopeOfItsMaker() throws IOException {
        Key<String> user = Key.of("user");
        Scope.root().with(user, "ada").run(() -> loop.poll(pipe.source(), SelectionKey.OP_READ, ready -> {
            receive();
            log.add(Scope.current().get(user).orElse("nobody"));
        }));
        send();
        loop.turn();
        assertThat(log).containsExactly(1, "ada");
    }

    @Test
    @Tag("L-60")
    void callsWhenTheChannelIsReady() throws IOException {
        loop.poll(pipe.source(), SelectionKey.OP_READ, ready -> receive());
        assertThat(loop.turn()).isFalse();
        send();
        assertThat(loop.turn()).isTrue();
        assertThat(log).containsExactly(1);
    }

    @Test
    void callsAgainWhileTheChannelStaysReady() throws IOException {
        loop.poll(pipe.source(), SelectionKey.OP_READ, log::add);
        send();
        loop.turn();
        loop.turn();
        assertThat(log).containsExactly(SelectionKey.OP_READ, SelectionKey.OP_READ);
    }

    @Test
    void withoutInterestItDoesNotCall() throws IOException {
        Poll poll = loop.poll(pipe.source(), 0, ready -> receive());
        send();
        loop.turn();
        assertThat(log).isEmpty();
        poll.interest(SelectionKey.OP_READ);
        loop.turn();
        assertThat(log).containsExactly(1);
        assertThat(poll.interest()).isEqualTo(SelectionKey.OP_READ);
    }

    @Test
    @Tag("L-61")
    void closedItDoesNotCallAndLeavesTheChannelOpen() throws IOException {
        Poll poll = loop.poll(pipe.source(), SelectionKey.OP_READ, ready -> receive());
        send();
        poll.close();
        poll.close();
        loop.turn();
        assertThat(log).isEmpty();
        assertThat(pipe.source().isOpen()).isTrue();
        assertThat(loop.isAlive()).isFalse();
    }

    @Test
    void aChannelCanBeWatchedAgainFromTheNextTurnOn() throws IOException {
        Poll poll = loop.poll(pipe.source(), SelectionKey.OP_READ, ready -> {});
        poll.close();
        assertThatThrownBy(() -> loop.poll(pipe.source(), SelectionKey.OP_READ, ready -> {}))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("next turn");
        loop.turn();
        loop.poll(pipe.source(), SelectionKey.OP_READ, ready -> receive());
        send();
        loop.turn();
        assertThat(log).containsExactly(1);
    }

    @Test
    void aChannelIsWatchedOnce() {
        loop.poll(pipe.source(), SelectionKey.OP_READ, ready -> {});
        assertThatThrownBy(() -> loop.poll(pipe.source(), SelectionKey.OP_READ, ready -> {}))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("already");
    }

    @Test
    void aBlockingChannelIsRefused() throws IOException {
        pipe.source().configureBlocking(true);
        assertThatThrownBy(() -> loop.poll(pipe.source(), SelectionKey.OP_READ, ready -> {}))
                .isInstanceOf(IllegalStateException.class);
        assertThat(loop.isAlive()).isFalse();
    }

    @Test
    void aClosedChannelIsRefused() throws IOException {
        pipe.source().close();
        assertThatThrownBy(() -> loop.poll(pipe.source(), SelectionKey.OP_READ, ready -> {}))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("closed");
    }

    @Test
    void anOperationThatTheChannelLacksIsRefused() {
        assertThatThrownBy(() -> loop.poll(pipe.source(), SelectionKey.OP_WRITE, ready -> {}))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aFailureGoesToItsHandlerAndThePollStaysOpen() throws IOException {
        Poll poll = loop.poll(pipe.source(), SelectionKey.OP_READ, ready -> {
            throw new IllegalStateException("failed");
        });
        poll.onError(problem -> log.add(problem.getMessage()));
        send();
        loop.turn();
        assertThat(log).containsExactly("failed");
        assertThat(poll.isOpen()).isTrue();
    }

    @Test
    void hearsOfTheLoopsEndWhileItIsOpen() throws IOException {
        class Listener implements Poll.Handler {
            @Override
            public void onReady(int ready) {}

            @Override
            public void onLoopEnd() {
                log.add("end");
            }
        }
        loop.poll(pipe.source(), 0, new Listener());
        loop.poll(pipe.sink(), 0, new Listener()).close();
        loop.close();
        assertThat(log).containsExactly("end");
    }

    @Test
    void whatAnEarlierCallbackOfTheTurnClosedIsPassedOver() throws IOException {
        Poll[] polls = new Poll[2];
        polls[0] = loop.poll(pipe.source(), SelectionKey.OP_READ, ready -> {
            log.add("read");
            polls[1].close();
        });
        polls[1] = loop.poll(pipe.sink(), SelectionKey.OP_WRITE, ready -> {
            log.add("write");
            polls[0].close();
        });
        send();
        loop.turn();
        assertThat(log).hasSize(1);
    }

    @Test
    void theWriteBufferGoesBackAtTheEndOfTheTurn() {
        loop.runHere(() -> loop.writeBuffer(buffer -> log.add(buffer.remaining())).putInt(1).putInt(2));
        assertThat(log).isEmpty();
        loop.turn();
        assertThat(log).containsExactly(8);
        loop.turn();
        assertThat(log).containsExactly(8);
    }

    @Test
    void theWriteBufferGoesBackWhenSomebodyElseAsks() {
        loop.runHere(() -> {
            java.util.function.Consumer<ByteBuffer> first = buffer -> log.add("first " + buffer.remaining());
            loop.writeBuffer(first).put((byte) 1);
            loop.writeBuffer(first).put((byte) 2);
            assertThat(loop.writeBuffer(buffer -> log.add("second " + buffer.remaining()))
                            .position())
                    .isZero();
        });
        loop.turn();
        assertThat(log).containsExactly("first 2", "second 0");
    }

    @Test
    void aFlushThatFailsIsReportedAndLeavesTheBufferClear() {
        loop.runHere(() -> loop.writeBuffer(buffer -> {
                    throw new IllegalStateException("flush");
                })
                .putInt(1));
        loop.turn();
        assertThat(log).singleElement().isInstanceOf(IllegalStateException.class);
        assertThat(loop.writeBuffer(buffer -> {}).position()).isZero();
    }

    @Test
    void theReadBufferIsDirectAndClear() {
        loop.readBuffer().putInt(1);
        assertThat(loop.readBuffer().isDirect()).isTrue();
        assertThat(loop.readBuffer().remaining()).isEqualTo(64 * 1024);
    }
}
