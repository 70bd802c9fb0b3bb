package dev.thrum.web;

import java.util.ResourceBundle;
import org.jspecify.annotations.Nullable;

/// The logger of one application: the system's of that name, but for lines below the application's own level.
record AppLog(System.Logger logger, System.Logger.Level least) implements System.Logger {

    static AppLog of(String application, Level least) {
        return new AppLog(System.getLogger("dev.thrum.web." + application), least);
    }

    @Override
    public String getName() {
        return logger.getName();
    }

    @Override
    public boolean isLoggable(Level level) {
        return level.getSeverity() >= least.getSeverity() && logger.isLoggable(level);
    }

    @Override
    public void log(Level level, @Nullable ResourceBundle bundle, @Nullable String message, @Nullable Throwable thrown) {
        if (isLoggable(level)) {
            logger.log(level, bundle, message, thrown);
        }
    }

    @Override
    public void log(
            Level level, @Nullable ResourceBundle bundle, @Nullable String format, @Nullable Object @Nullable ... parameters) {
        if (isLoggable(level)) {
            logger.log(level, bundle, format, parameters);
        }
    }
}
