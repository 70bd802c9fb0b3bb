package dev.thrum.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.thrum.promise.Promise;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SerialWriterTest {

    /// Fails to write, and then to close.
    private record Broken(IOException writing, IOException closing) implements SerialWriter.Target {
        @Override
        public void write(ByteBuffer bytes) throws IOException {
            throw writing;
        }

        @Override
        public void close(@Nullable Throwable failure) throws IOException {
            throw closing;
        }
    }

    private static Throwable reasonOfTheEnd(IOException writing, IOException closing) {
        SerialWriter writer = new SerialWriter(Runnable::run, new Broken(writing, closing));
        Promise<Long> write = writer.write(ByteBuffer.allocate(1));
        assertThat(catchThrowable(write::await)).hasCause(writing);
        return catchThrowable(writer.end()::await).getCause();
    }

    @Test
    void theEndIsRejectedWithWhatWentWrongFirstAndTakesTheCloseAlong() {
        IOException writing = new IOException("full");
        IOException closing = new IOException("gone");
        assertThat(reasonOfTheEnd(writing, closing)).isSameAs(writing).hasSuppressedException(closing);
    }

    @Test
    void aCloseThatFailsWithTheSameExceptionHidesItNot() {
        IOException problem = new IOException("full");
        assertThat(reasonOfTheEnd(problem, problem)).isSameAs(problem).hasNoSuppressedExceptions();
    }
}
