package dev.thrum.verify.peers;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/// What undici makes of our answers: the client that is built into Node as `fetch`.
class NodeTest {
    private static final String SCRIPT = """
            import { createReadStream, readFileSync } from "node:fs";
            const [url, file, together] = process.argv.slice(1);
            async function ask(method, path, more = {}) {
                const answer = await fetch(url + path, { method, duplex: "half", ...more });
                const body = await answer.text();
                console.log(method, path, answer.status, answer.headers.get("content-length"), body.length, body.slice(0, 40));
            }
            async function* pieces() {
                for (let i = 0; i < 70; i++) {
                    yield new Uint8Array(1000);
                }
            }
            await ask("GET", "/");
            await ask("HEAD", "/");
            await ask("GET", "/stream");
            await ask("POST", "/length", { body: "x".repeat(100000) });
            await ask("POST", "/length", { body: pieces() });
            await ask("GET", "/large");
            await ask("GET", "/pieces");
            await ask("GET", "/none");
            await ask("DELETE", "/");
            await ask("POST", "/length", { body: "x".repeat(3000000) });
            await ask("POST", "/upload", { body: readFileSync(file) });
            await ask("POST", "/upload", { body: createReadStream(file) });

            const Agent = globalThis[Symbol.for("undici.globalDispatcher.1")].constructor;
            const dispatcher = new Agent({ connections: 1, pipelining: Number(together) });
            const answers = Array.from({ length: 10 * together }, async () => {
                const answer = await fetch(url + "/together", { dispatcher });
                return answer.text();
            });
            console.log(new Set(await Promise.all(answers)));
            await dispatcher.close();
            """;

    @Test
    void asksForEverything() throws Exception {
        try (Site site = Site.start()) {
            Foreign node = Foreign.run(
                    "/usr/bin/node",
                    "--no-warnings",
                    "--input-type=module",
                    "--eval",
                    SCRIPT,
                    site.url(""),
                    site.noise().toString(),
                    Integer.toString(Site.TOGETHER));

            String received = site.received();
            String upload = "POST /upload 200 " + received.length() + " " + received.length() + " " + received;
            assertThat(node.output().lines())
                    .containsExactly(
                            "GET / 200 5 5 hello",
                            "HEAD / 200 5 0 ",
                            "GET /stream 200 null 7 one two",
                            "POST /length 200 12 12 100000 bytes",
                            "POST /length 200 11 11 70000 bytes",
                            "GET /large 200 5000000 5000000 0123456789012345678901234567890123456789",
                            "GET /pieces 200 null 5000000 0123456789012345678901234567890123456789",
                            "GET /none 404 93 93 {\"type\":\"about:blank\",\"title\":\"Not Found",
                            "DELETE / 405 118 118 {\"type\":\"about:blank\",\"title\":\"Method No",
                            "POST /length 413 126 126 {\"type\":\"about:blank\",\"title\":\"Content T",
                            upload,
                            upload,
                            "Set(1) { 'together' }");
            assertThat(node.exit()).isZero();
        }
    }
}
