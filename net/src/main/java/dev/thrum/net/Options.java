package dev.thrum.net;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketOption;
import java.nio.channels.NetworkChannel;
import java.util.HashMap;
import java.util.Map;

/// The options of a channel, with errors that name the option, and maps of options, each with a value of its type.
final class Options {
    private Options() {}

    static <T> T get(NetworkChannel channel, SocketOption<T> name, String where) {
        check(channel, name, where);
        try {
            return channel.getOption(name);
        } catch (IOException e) {
            throw refused(name, where, e);
        }
    }

    static <T> void set(NetworkChannel channel, SocketOption<T> name, T value, String where) {
        check(channel, name, where);
        requireNonNull(value, "value");
        try {
            channel.setOption(name, value);
        } catch (IOException e) {
            throw refused(name, where, e);
        }
    }

    /// Sets all before the channel is used.
    static void setAll(NetworkChannel channel, Map<SocketOption<?>, Object> options, String where) {
        for (var option : options.entrySet()) {
            setOne(channel, option.getKey(), option.getValue(), where);
        }
    }

    private static <T> void setOne(NetworkChannel channel, SocketOption<T> name, Object value, String where) {
        set(channel, name, name.type().cast(value), where);
    }

    static Map<SocketOption<?>, Object> with(Map<SocketOption<?>, Object> options, SocketOption<?> name, Object value) {
        var all = new HashMap<>(options);
        all.put(requireNonNull(name, "name"), requireNonNull(value, "value"));
        return all;
    }

    /// {@return a copy, checked}
    static Map<SocketOption<?>, Object> copy(Map<SocketOption<?>, Object> options) {
        for (var option : options.entrySet()) {
            SocketOption<?> name = option.getKey();
            if (!name.type().isInstance(option.getValue())) {
                throw new IllegalArgumentException("option " + name.name() + " takes a "
                        + name.type().getSimpleName() + ": " + option.getValue());
            }
        }
        return Map.copyOf(options);
    }

    private static void check(NetworkChannel channel, SocketOption<?> name, String where) {
        if (!channel.supportedOptions().contains(requireNonNull(name, "name"))) {
            throw new IllegalArgumentException("no option " + name.name() + " here: " + where);
        }
    }

    private static UncheckedIOException refused(SocketOption<?> name, String where, IOException problem) {
        NetException known = NetException.of(problem, where);
        return new UncheckedIOException("option " + name.name() + ": " + known.getMessage(), known);
    }
}
