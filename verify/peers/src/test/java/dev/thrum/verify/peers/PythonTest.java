package dev.thrum.verify.peers;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/// What Python's `http.client` makes of our answers, all on one connection.
class PythonTest {
    private static final String SCRIPT = """
            import http.client, sys
            client = http.client.HTTPConnection("127.0.0.1", int(sys.argv[1]), timeout=20)
            def ask(method, path, **more):
                client.request(method, path, **more)
                answer = client.getresponse()
                body = answer.read()
                print(method, path, answer.status, answer.getheader("Content-Length"), len(body), body[:20].decode())
            ask("GET", "/")
            port = client.sock.getsockname()[1]
            ask("HEAD", "/")
            ask("GET", "/stream")
            ask("POST", "/length", body=b"x" * 100000)
            ask("POST", "/length", body=iter([b"x" * 1000] * 70), headers={"Transfer-Encoding": "chunked"}, encode_chunked=True)
            ask("GET", "/large")
            ask("GET", "/pieces")
            ask("GET", "/none")
            ask("DELETE", "/")
            print(client.sock.getsockname()[1] == port)
            for chunked in [False, True]:
                with open(sys.argv[2], "rb") as noise:
                    client.request("POST", "/upload", body=noise, encode_chunked=chunked,
                        headers={"Transfer-Encoding": "chunked"} if chunked else {"Content-Length": sys.argv[3]})
                    print(client.getresponse().read().decode())
            print(client.sock.getsockname()[1] == port)
            ask("POST", "/length", body=b"x" * 3000000)
            """;

    @Test
    void asksForEverythingOnOneConnection() throws Exception {
        try (Site site = Site.start()) {
            Foreign python = Foreign.run(
                    "/usr/bin/python3",
                    "-c",
                    SCRIPT,
                    Integer.toString(site.port()),
                    site.noise().toString(),
                    Integer.toString(Site.UPLOAD));

            assertThat(python.output().lines())
                    .containsExactly(
                            "GET / 200 5 5 hello",
                            "HEAD / 200 5 0 ",
                            "GET /stream 200 None 7 one two",
                            "POST /length 200 12 12 100000 bytes",
                            "POST /length 200 11 11 70000 bytes",
                            "GET /large 200 5000000 5000000 01234567890123456789",
                            "GET /pieces 200 None 5000000 01234567890123456789",
                            "GET /none 404 93 93 {\"type\":\"about:blank",
                            "DELETE / 405 118 118 {\"type\":\"about:blank",
                            "True",
                            site.received(),
                            site.received(),
                            "True",
                            "POST /length 413 126 126 {\"type\":\"about:blank");
            assertThat(python.exit()).isZero();
        }
    }
}
