package dev.thrum.kernel;

import java.text.MessageFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Filter;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/// What a logger is told while a test runs; it goes no further.
final class Logged implements AutoCloseable {
    private final Logger logger;
    private final List<String> lines = new CopyOnWriteArrayList<>();

    /// @param name the name of the logger
    Logged(String name) {
        logger = Logger.getLogger(name);
        logger.setFilter(this::keep);
    }

    private boolean keep(LogRecord entry) {
        String line = MessageFormat.format(entry.getMessage(), entry.getParameters());
        lines.add(entry.getThrown() == null ? line : line + ": " + entry.getThrown() + ", " + entry.getThrown().getCause());
        return false;
    }

    List<String> lines() {
        return List.copyOf(lines);
    }

    @Override
    public void close() {
        logger.setFilter((Filter) null);
    }
}
