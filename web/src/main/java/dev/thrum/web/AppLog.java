package dev.thrum.web;

import java.util.ResourceBundle;
import org.jspecify.annotations.Nullable;

/// The logger of one application: the system's of that name, but for lines below the application's own level. It looks for that when it has a
/// first line, since to set up a system of logs is a good part of a start.
final class AppLog implements System.Logger {
    private final String name;
    private final Level least;
    private volatile System.@Nullable Logger system; // raced for: one is as good as another

    private AppLog(String name, Level least) {
        this.name = name;
        this.least = least;
    }

    static AppLog of(String application, Level least) {
        return new AppLog("dev.thrum.web." + application, least);
    }

    private System.Logger system() {
        System.Logger known = system;
        if (known == null) {
            known = System.getLogger(name);
            system = known;
        }
        return known;
    }

    @Override
    public String getName() {
        return name;
    }

    @Override
    public boolean isLoggable(Level level) {
        return level.getSeverity() >= least.getSeverity() && system().isLoggable(level);
    }

    @Override
    public void log(Level level, @Nullable ResourceBundle bundle, @Nullable String message, @Nullable Throwable thrown) {
        if (isLoggable(level)) {
            system().log(level, bundle, message, thrown);
        }
    }

    @Override
    public void log(
            Level level, @Nullable ResourceBundle bundle, @Nullable String format, @Nullable Object @Nullable ... parameters) {
        if (isLoggable(level)) {
            system().log(level, bundle, format, parameters);
        }
    }
}
