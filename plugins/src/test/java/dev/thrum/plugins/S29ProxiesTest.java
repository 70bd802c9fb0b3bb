package dev.thrum.plugins;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.thrum.web.Plugin;
import dev.thrum.web.WebApp;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Proxies are believed as far as they can be (S29).
@Timeout(60)
@Tag("PL-40")
@Tag("S29")
class S29ProxiesTest {
    private Site site;

    private void start(Plugin... plugins) {
        site = Site.of(WebApp.create()
                .install(plugins)
                .get("/", (request, response) -> response.send(TrustedProxies.client(request) + " "
                        + TrustedProxies.scheme(request) + " " + TrustedProxies.host(request).replaceFirst("127.*", "direct"))));
    }

    @AfterEach
    void stop() {
        if (site != null) {
            site.close();
        }
    }

    @Test
    void nothingIsBelievedUnlessAProxyIsNamed() throws Exception {
        start();
        assertThat(site.get("/", "X-Forwarded-For", "192.0.2.1", "X-Forwarded-Proto", "https", "Forwarded", "for=192.0.2.1")
                        .body())
                .isEqualTo("127.0.0.1 http direct");
    }

    @Test
    void nobodyButAProxyIsBelieved() throws Exception {
        start(TrustedProxies.forwardedFor("10.0.0.0/8"));
        assertThat(site.get("/", "X-Forwarded-For", "192.0.2.1", "X-Forwarded-Host", "evil.example").body())
                .isEqualTo("127.0.0.1 http direct");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "192.0.2.1                          | 192.0.2.1",
        "6.6.6.6, 192.0.2.1                 | 192.0.2.1",
        "6.6.6.6, 192.0.2.1, 10.1.2.3       | 192.0.2.1",
        "10.1.2.3                           | 10.1.2.3",
        "192.0.2.1:4711                     | 192.0.2.1",
        "2001:db8::1                        | 2001:db8:0:0:0:0:0:1",
        "[2001:db8::1]:80                   | 2001:db8:0:0:0:0:0:1",
        "192.0.2.1, unknown                 | 127.0.0.1",
        "192.0.2.1, rubbish, 10.1.2.3       | 10.1.2.3",
        "192.0.2.1, localhost               | 127.0.0.1",
        "192.0.2.1, 010.1.2.3               | 127.0.0.1",
        "192.0.2.999                        | 127.0.0.1",
        "''                                 | 127.0.0.1"
    })
    void theLastThatIsNoProxyIsTheClient(String header, String client) throws Exception {
        start(TrustedProxies.forwardedFor("127.0.0.1", "10.0.0.0/8"));
        assertThat(site.get("/", "X-Forwarded-For", header).body()).startsWith(client + " ");
    }

    @Test
    void schemeAndHostComeFromTheNearestProxyAlone() throws Exception {
        start(TrustedProxies.forwardedFor("127.0.0.1"));
        assertThat(site.get("/", "X-Forwarded-Proto", "http, https", "X-Forwarded-Host", "evil.example, Good.example:8443")
                        .body())
                .isEqualTo("127.0.0.1 https good.example:8443");
        assertThat(site.get("/", "X-Forwarded-Host", "a/b\"<script>", "X-Forwarded-Proto", "javascript").body())
                .isEqualTo("127.0.0.1 http direct");
        assertThat(site.get("/", "Forwarded", "for=192.0.2.1;proto=https").body()).isEqualTo("127.0.0.1 http direct");
    }

    @Test
    void theStandardHeaderIsReadTheSameWay() throws Exception {
        start(TrustedProxies.forwarded("127.0.0.1", "10.0.0.0/8"));
        assertThat(site.get(
                                "/",
                                "Forwarded",
                                "for=6.6.6.6, For=\"[2001:db8::1]:4711\";proto=http, for=10.1.2.3;Proto=https;host=\"a.example\"")
                        .body())
                .isEqualTo("2001:db8:0:0:0:0:0:1 https a.example");
        assertThat(site.get("/", "Forwarded", "for=_hidden", "X-Forwarded-For", "6.6.6.6").body())
                .isEqualTo("127.0.0.1 http direct");
    }

    @Test
    void aLongListIsReadFromItsEndOnly() throws Exception {
        start(TrustedProxies.forwardedFor("127.0.0.0/8"));
        assertThat(site.get("/", "X-Forwarded-For", "6.6.6.6, " + "127.0.0.2, ".repeat(500) + "127.0.0.3").body())
                .startsWith("127.0.0.2 ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "10.0.0.0/33", "10.0.0.0/x", "example.org", "::1/129", "10.0.0/8", "*"})
    void aNetworkThatIsNoneIsRefused(String network) {
        assertThatIllegalArgumentException().isThrownBy(() -> TrustedProxies.forwardedFor(network));
    }
}
