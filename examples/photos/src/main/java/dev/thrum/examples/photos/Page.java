package dev.thrum.examples.photos;

import dev.thrum.http.Request;
import dev.thrum.http.Response;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/// The page of the service: one resource, read once.
///
/// **Threads.** Immutable. [#send] copies, so it belongs on a loop.
final class Page {
    private final byte[] html;
    private final String policy;
    private final String tag;

    private Page(byte[] html) {
        String text = new String(html, StandardCharsets.UTF_8);
        this.html = html;
        this.policy = "default-src 'none'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'"
                + "; style-src 'sha256-" + hash(between(text, "<style>", "</style>"))
                + "'; script-src 'sha256-" + hash(between(text, "<script>", "</script>")) + "'";
        this.tag = '"' + hash(text) + '"';
    }

    static Page load() {
        try (InputStream in = Page.class.getResourceAsStream("page.html")) {
            if (in == null) {
                throw new IllegalStateException("the resource page.html is missing");
            }
            return new Page(in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Sends the page, or 304 if the client has it.
    void send(Request request, Response response) {
        response.header("ETag", tag).header("Cache-Control", "no-cache");
        if (request.header("If-None-Match").filter(tag::equals).isPresent()) {
            response.status(304).send();
            return;
        }
        response.header("Content-Type", "text/html; charset=utf-8")
                .header("Content-Security-Policy", policy)
                .send(html);
    }

    private static String between(String text, String start, String end) {
        int from = text.indexOf(start) + start.length();
        return text.substring(from, text.indexOf(end, from));
    }

    private static String hash(String text) {
        try {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            return Base64.getEncoder().encodeToString(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
