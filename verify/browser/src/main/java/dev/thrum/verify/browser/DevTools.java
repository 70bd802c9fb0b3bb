package dev.thrum.verify.browser;

import static java.util.concurrent.TimeUnit.SECONDS;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A connection to a page, in the Chrome DevTools Protocol.
///
/// It knows as much JSON as it needs: who answers which call, and what is an event.
///
/// **Threads.** One thread calls; [#call] blocks.
final class DevTools implements WebSocket.Listener, AutoCloseable {
    private static final Pattern ANSWER = Pattern.compile("\\{\"id\":(\\d+),\"(result|error)\":(.*)}", Pattern.DOTALL);
    private static final long PATIENCE = 60; // seconds

    private final HttpClient client;
    private final AtomicInteger calls = new AtomicInteger();
    private final Map<Integer, CompletableFuture<String>> waiting = new ConcurrentHashMap<>();
    private final List<String> events = new CopyOnWriteArrayList<>();
    private final StringBuilder message = new StringBuilder(); // the socket's listener only
    private final WebSocket socket;

    /// Connects to a page.
    /// @param page its `webSocketDebuggerUrl`
    DevTools(HttpClient client, URI page) {
        this.client = client;
        this.socket = client.newWebSocketBuilder().buildAsync(page, this).join();
    }

    /// {@return the result of a method, in JSON}
    /// @param method such as `Page.navigate`
    /// @param parameters a JSON object
    /// @throws IOException if the method fails, or does not answer within a minute
    String call(String method, String parameters) throws IOException, InterruptedException {
        int id = calls.incrementAndGet();
        CompletableFuture<String> answer = new CompletableFuture<>();
        waiting.put(id, answer);
        String text = "{\"id\":%d,\"method\":\"%s\",\"params\":%s}".formatted(id, method, parameters);
        try {
            socket.sendText(text, true).get(PATIENCE, SECONDS);
            return answer.get(PATIENCE, SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IOException("no answer to " + text, e);
        } finally {
            waiting.remove(id);
        }
    }

    /// {@return the events so far that `wanted` occurs in}
    List<String> events(String wanted) {
        return events.stream().filter(event -> event.contains(wanted)).toList();
    }

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
        message.append(data);
        if (last) {
            received(message.toString());
            message.setLength(0);
        }
        socket.request(1);
        return null;
    }

    private void received(String text) {
        Matcher matcher = ANSWER.matcher(text);
        if (!matcher.matches()) {
            events.add(text);
            return;
        }
        CompletableFuture<String> answer = waiting.get(Integer.valueOf(matcher.group(1)));
        if (answer == null) {
            return; // nobody waits any more
        }
        if (matcher.group(2).equals("result")) {
            answer.complete(matcher.group(3));
        } else {
            answer.completeExceptionally(new IOException(matcher.group(3)));
        }
    }

    @Override
    public void onError(WebSocket socket, Throwable error) {
        waiting.values().forEach(answer -> answer.completeExceptionally(error));
    }

    @Override
    public void close() {
        socket.abort();
        client.shutdownNow();
    }
}
