package dev.thrum.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.thrum.promise.Promise;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class PumpTest {

    /// Fails to read, and then to close.
    private record Broken(IOException reading, IOException closing) implements Pump.Source {
        @Override
        public int read(ByteBuffer into) throws IOException {
            throw reading;
        }

        @Override
        public void close() throws IOException {
            throw closing;
        }
    }

    private static Throwable reasonOfTheEnd(IOException reading, IOException closing) {
        Promise<Long> stream = Pump.start(
                Runnable::run, new Broken(reading, closing), ByteSink.of(bytes -> {}), ByteBuffer.allocate(1));
        return catchThrowable(stream::await).getCause();
    }

    @Test
    void aStreamIsRejectedWithWhatWentWrongFirstAndTakesTheCloseAlong() {
        IOException reading = new IOException("unreadable");
        IOException closing = new IOException("gone");
        assertThat(reasonOfTheEnd(reading, closing)).isSameAs(reading).hasSuppressedException(closing);
    }

    @Test
    void aCloseThatFailsWithTheSameExceptionHidesItNot() {
        IOException problem = new IOException("unreadable");
        assertThat(reasonOfTheEnd(problem, problem)).isSameAs(problem).hasNoSuppressedExceptions();
    }
}
