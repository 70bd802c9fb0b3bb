package dev.thrum.web;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ListenerTest {

    @Test
    void aPortOutOfRangeIsRefusedWithTheRuleAndTheValue() {
        assertThatThrownBy(() -> Listener.http(70_000)).hasMessage("port must be 0..65535: 70000");
        assertThatThrownBy(() -> Listener.http(-1)).hasMessage("port must be 0..65535: -1");
    }

    @Test
    void otherComponentsAreCheckedToo() {
        assertThatThrownBy(() -> Listener.http(1).withLoops(0)).hasMessage("loops must be 1..1024: 0");
        assertThatThrownBy(() -> Listener.http(1).withBacklog(0)).hasMessage("backlog must be 1 or more: 0");
        assertThatThrownBy(() -> Listener.http(1).withHost(" ")).hasMessageStartingWith("host must not be blank");
    }
}
