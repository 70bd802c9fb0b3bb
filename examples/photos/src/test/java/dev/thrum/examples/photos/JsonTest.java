package dev.thrum.examples.photos;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class JsonTest {

    @Test
    void anEmptyObject() {
        assertThat(new Json()).hasToString("{}");
    }

    @Test
    void membersOfEveryKindInOrder() {
        Json json = new Json()
                .with("text", "a")
                .with("number", -1L)
                .with("truth", true)
                .with("object", new Json().with("b", 2))
                .with("objects", List.of(new Json(), new Json().with("c", 3)));
        assertThat(json).hasToString(
                "{\"text\":\"a\",\"number\":-1,\"truth\":true,\"object\":{\"b\":2},\"objects\":[{},{\"c\":3}]}");
    }

    @Test
    void whatMustBeEscapedIsEscaped() {
        assertThat(new Json().with("a\"b", "\\ \n\r\t\u0001\u007f é"))
                .hasToString("{\"a\\\"b\":\"\\\\ \\n\\r\\t\\u0001\\u007f é\"}");
    }

    @Test
    void halfASurrogatePairSurvives() {
        assertThat(new Json().with("a", "\ud83d")).hasToString("{\"a\":\"\\ud83d\"}");
    }
}
