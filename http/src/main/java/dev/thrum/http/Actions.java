package dev.thrum.http;

import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// What others want to happen to an exchange. Loop thread only.
final class Actions {
    @Nullable Consumer<? super Exchange> onAnswer;
    @Nullable Consumer<? super Exchange> onFinished;
    @Nullable Consumer<? super Exchange> onPass;
    @Nullable BiConsumer<? super Exchange, ? super Throwable> onFailure;
    @Nullable BodyWatcher watcher;
    @Nullable BodyDecoder decoder;
    long length = -1; // of the answer's body, while onAnswer runs

    /// {@return an action that does both, the second whatever becomes of the first}
    static Consumer<? super Exchange> both(
            @Nullable Consumer<? super Exchange> first, Consumer<? super Exchange> second) {
        if (first == null) {
            return second;
        }
        return exchange -> {
            try {
                first.accept(exchange);
            } finally {
                second.accept(exchange);
            }
        };
    }
}
