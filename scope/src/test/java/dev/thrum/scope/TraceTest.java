package dev.thrum.scope;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TraceTest {

    @Test
    void testsTrace() {
        assertThat(Trace.ON).isTrue();
    }

    @Test
    void theSiteIsWhereTheUserCalled() {
        assertThat(Trace.site("x").split(" < ")[0]).contains("TraceTest.theSiteIsWhereTheUserCalled(TraceTest.java:");
    }

    @Test
    void theSiteHasAFewFrames() {
        assertThat(Trace.site("x").split(" < ")).hasSizeBetween(1, 4);
    }

    @Test
    void theMachineryOfScopesIsLeftOut() {
        String site = Scope.root().child().call(() -> Trace.site("x"));
        assertThat(site).doesNotContain("ScopedValue", "Scope.call");
    }

    @Test
    void withoutTracingTheClassServes() {
        assertThat(Trace.site("x", false)).isEqualTo("java.lang.String");
    }
}
