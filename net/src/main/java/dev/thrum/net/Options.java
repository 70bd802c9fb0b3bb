package dev.thrum.net;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketOption;
import java.nio.channels.NetworkChannel;

/// The options of a channel, with errors that name the option.
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
