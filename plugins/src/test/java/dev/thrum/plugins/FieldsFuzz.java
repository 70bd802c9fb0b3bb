package dev.thrum.plugins;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.thrum.http.HttpException;
import dev.thrum.net.Network;
import dev.thrum.plugins.ByteRanges.Part;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// What a fuzzer may write into the header fields that the plugins read, and into a query: cookies, dates, ranges, types, codings,
/// variables. All of them read it, since what is rubbish to one is food to another; none throws anything but a refusal.
public final class FieldsFuzz {
    private static final long SIZE = 10_000;

    private FieldsFuzz() {}

    /// {@return inputs to start from, and those that have found something}
    static List<byte[]> seeds() {
        return Stream.of(
                        "a=b; c=\"d e\"; =x; f; g==h",
                        "bytes=0-1,5-,-7, 9000-20000,3-2",
                        "bytes=-0",
                        "bytes=999999999999999999-",
                        "Sun, 06 Nov 1994 08:49:37 GMT",
                        "Sunday, 06-Nov-94 08:49:37 GMT",
                        "Sun Nov  6 08:49:37 1994",
                        "Thu, 29 Feb 2024 23:59:60 GMT",
                        "text/html; charset=\"utf\\-8\"; a; b=c;",
                        "gzip;q=0.5, br;q=1.000, *;q=0, deflate;q=2",
                        "a=b+c&d=%41&e&=f&&%c3%a9=%",
                        "for=\"[2001:db8::1]:4711\";proto=https, for=192.0.2.1")
                .map(field -> field.getBytes(ISO_8859_1))
                .toList();
    }

    /// The fuzzer's entrance.
    /// @param input whatever it makes up, in Latin-1 as a connection hands it out
    public static void fuzzerTestOneInput(byte[] input) {
        String text = new String(input, ISO_8859_1);
        cookies(text);
        HttpDates.parse(text).ifPresent(date -> check(HttpDates.parse(HttpDates.format(date)).equals(Optional.of(date)), "date", text));
        ByteRanges.parse(text, SIZE).ifPresent(parts -> ranges(parts, text));
        ByteRanges.parse(text, 0).ifPresent(parts -> check(parts.isEmpty(), "range of nothing", text));
        MediaType type = MediaType.parse(text);
        check(type.essence().strip().equals(type.essence()), "type", text);
        AcceptedCodings.of(Optional.of(text)).best(List.of(new DeflateCoding(true, 1), new DeflateCoding(false, 1)));
        variables(text);
        Network.address(text);
    }

    private static void cookies(String text) {
        var builder = new Variables.Builder();
        Cookies.parse(text, builder);
        Variables cookies = builder.build();
        for (String name : cookies.names()) {
            check(!name.isEmpty() && name.indexOf(';') < 0 && name.indexOf('=') < 0, "cookie", text);
            check(cookies.all(name).stream().noneMatch(value -> value.indexOf(';') >= 0), "cookie", text);
        }
    }

    private static void ranges(List<Part> parts, String text) {
        check(parts.size() <= 16, "ranges", text);
        long all = 0;
        for (Part part : parts) {
            check(part.position() >= 0 && part.length() > 0 && part.end() <= SIZE, "range", text);
            all += part.length();
        }
        check(all <= SIZE, "ranges overlap", text);
    }

    private static void variables(String text) {
        try {
            Variables variables = UrlEncoded.parse(text, 20, 413);
            check(variables.names().size() <= 20, "variables", text);
            check(text.chars().allMatch(c -> c < 0x80) || variables.names().isEmpty(), "variables in ASCII", text);
        } catch (HttpException refused) {
            check(refused.status() == 400 || refused.status() == 413, "status", text);
        }
    }

    private static void check(boolean holds, String what, String text) {
        if (!holds) {
            throw new AssertionError(what + ": " + text);
        }
    }
}
