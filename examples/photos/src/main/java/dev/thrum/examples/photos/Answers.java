package dev.thrum.examples.photos;

import dev.thrum.http.HttpException;
import dev.thrum.http.Response;
import dev.thrum.json.Json;
import dev.thrum.kernel.TaskKilledException;
import dev.thrum.promise.Promise;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Ways to answer.
final class Answers {
    private Answers() {}

    /// Sends `body` as JSON that must not be kept.
    static void send(Response response, Record body) {
        Json.send(response.header("Cache-Control", "no-store"), body);
    }

    /// Answers with `send` when `promise` is fulfilled, and with a problem when it is rejected.
    static <T extends @Nullable Object> void when(Promise<T> promise, Response response, Consumer<? super T> send) {
        promise.<@Nullable Void>map(value -> {
            send.accept(value);
            return null;
        }).recover(Throwable.class, reason -> {
            response.fail(problem(reason));
            return null;
        });
    }

    /// {@return what to tell the client about `reason`; itself if that is an inner matter}
    private static Throwable problem(Throwable reason) {
        return switch (reason) {
            case BadPictureException e -> new HttpException(422, String.valueOf(e.getMessage()), e);
            case TaskKilledException e ->
                new HttpException(503, "the job was killed by an operator", e).withHeader("Retry-After", "10");
            default -> reason;
        };
    }
}
