package dev.thrum.web;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.function.Consumer;

/// How many of its answers an application may fail (5xx) before somebody has to hear of it.
///
/// ```java
/// app.errorBudget(ErrorBudget.of(0.001, Duration.ofMinutes(10)).withListener(spending -> pager.page(spending)));
/// ```
///
/// It is looked at sixty times while its window lasts, over the answers of that window. It is *spent* when more than the share has
/// failed, and there were enough requests to tell; and spent no longer when less than half of it is. Both times there is a line in
/// the log of the application, and the listener is told. A server that is not to get requests then says so by
/// [Health#withErrorBudget]. Answers that were shed count as failed; requests whose client went away do not count, nor
/// does a [Health] that says no. Another
/// application in the place of one ([Server#replace]) begins with a budget of its own.
///
/// **Threads.** Immutable. The listener is told on a thread of the root home's timers, under the scope of the server, and must not
/// block; what it throws is reported to the root home.
/// @param share of all answers that may fail, more than 0 and less than 1
/// @param window over which time
/// @param least how many answers of the window it takes to tell
/// @param listener hears when it is spent, and when it is no longer
public record ErrorBudget(double share, Duration window, long least, Consumer<? super Spending> listener) {
    private static final Duration SHORTEST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofDays(30);

    /// What was spent of a budget within its window.
    /// @param application whose budget it is
    /// @param answers how many answers there were
    /// @param failures how many of them failed
    /// @param spent how much of the budget is gone: 1 is all of it
    /// @param isSpent whether it counts as spent
    public record Spending(String application, long answers, long failures, double spent, boolean isSpent) {

        /// {@return one sentence, as in "shop has spent 370 % of its error budget: 37 of 10000 answers failed"}
        public String message() {
            return application + " has spent " + Math.round(100 * spent) + " % of its error budget: " + failures + " of " + answers
                    + " answers failed";
        }
    }

    /// Checks the components.
    /// @throws IllegalArgumentException if `share` is not between 0 and 1, `window` not within a second and 30 days, or `least` not
    ///     positive
    public ErrorBudget {
        requireNonNull(listener, "listener");
        if (!(share > 0 && share < 1)) {
            throw new IllegalArgumentException("share must be more than 0 and less than 1: " + share);
        }
        if (window.compareTo(SHORTEST) < 0 || window.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("window must be a second to 30 days: " + window);
        }
        if (least < 1) {
            throw new IllegalArgumentException("least must be positive: " + least);
        }
    }

    /// {@return a budget that nobody but the log hears of, which can be told from 100 answers on}
    /// @param share of all answers that may fail, such as 0.001
    /// @param window over which time
    /// @throws IllegalArgumentException as above
    public static ErrorBudget of(double share, Duration window) {
        return new ErrorBudget(share, window, 100, spending -> {});
    }

    /// {@return this with another number of answers that it takes to tell}
    /// @param answers 1 or more
    public ErrorBudget withLeast(long answers) {
        return new ErrorBudget(share, window, answers, listener);
    }

    /// {@return this with a listener}
    /// @param listener hears when it is spent, and when it is no longer
    public ErrorBudget withListener(Consumer<? super Spending> listener) {
        return new ErrorBudget(share, window, least, listener);
    }
}
