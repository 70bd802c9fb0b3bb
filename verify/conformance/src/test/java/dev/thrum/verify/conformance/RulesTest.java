package dev.thrum.verify.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class RulesTest {
    private final Rules rules = new Rules(Path.of("../..").toAbsolutePath().normalize());

    @Test
    void everyRuleNamesTestsThatExist() {
        assertThat(rules.problems()).isEmpty();
    }

    @Test
    void aTestThatDoesNotExistIsFound() {
        assertThat(rules.problemsOf("""
                | X-1 | a rule | an origin | `RulesTest.everyRuleNamesTestsThatExist`, `noSuchTest` |
                | X-2 | a rule | an origin | `NoSuchClassTest.x` |
                | X-2 | a rule | an origin | none |
                """))
                .containsExactly(
                        "X-1 names a test that does not exist: noSuchTest",
                        "X-2 names a test that does not exist: NoSuchClassTest.x",
                        "X-2 names a test that does not exist: NoSuchClassTest.x",
                        "X-2 stands twice",
                        "X-2 names no test");
    }

    @Test
    void theMapFromLispIsReadWhereItHasAColumnOfTests() {
        assertThat(rules.problemsOfMap("""
                | Lisp | Thrum | differs |
                | --- | --- | --- |
                | `let` | `Scope.with` | not `NoTest` |

                | Lisp | Thrum | differs | test |
                | --- | --- | --- | --- |
                | `delay` | `EventLoop.after` | | `RulesTest.noSuchTest` |
                | `poll` | `EventLoop.poll` | not `NoTest` | `RulesTest.everyRuleNamesTestsThatExist` |
                | `event-c` | - | there is no raw handle |  |
                """))
                .containsExactly("`delay` names a test that does not exist: RulesTest.noSuchTest");
    }
}
