package dev.thrum.verify.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class WrkReportTest {

    private static final String CLEAN = """
            Running 8s test @ http://127.0.0.1:8000/plaintext
              1 threads and 64 connections
              Thread Stats   Avg      Stdev     Max   +/- Stdev
                Latency    61.68us   77.14us   2.12ms   98.47%
                Req/Sec   107.80k     6.35k  113.08k    90.91%
              Latency Distribution
                 50%   57.00us
                 75%   66.00us
                 90%   83.00us
                 99%    1.55ms
              117829 requests in 1.10s, 9.21MB read
            Requests/sec: 107089.72
            Transfer/sec:      8.37MB
            """;

    @Test
    void readsTheFiguresOfACleanRun() {
        assertThat(WrkReport.parse(CLEAN)).isEqualTo(new WrkReport(117_829, 107_089.72, 0.057, 1.55, 0, 0));
    }

    @Test
    void aCleanRunHasNoErrors() {
        assertThat(WrkReport.parse(CLEAN).errors()).isEmpty();
    }

    @Test
    void addsUpSocketErrors() {
        String report = CLEAN + "  Socket errors: connect 1, read 2, write 3, timeout 4\n";
        assertThat(WrkReport.parse(report).errors()).isEqualTo("10 socket, 0 status");
    }

    @Test
    void countsAnswersOfTheWrongStatus() {
        String report = CLEAN + "  Non-2xx or 3xx responses: 117829\n";
        assertThat(WrkReport.parse(report).errors()).isEqualTo("0 socket, 117829 status");
    }

    @Test
    void refusesWhatIsNoReport() {
        assertThatThrownBy(() -> WrkReport.parse("unable to connect"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("unable to connect");
    }
}
