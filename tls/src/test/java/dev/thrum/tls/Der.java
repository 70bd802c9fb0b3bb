package dev.thrum.tls;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import javax.security.auth.x500.X500Principal;

/// The few elements of DER that a certificate is made of.
final class Der {
    private Der() {}

    static byte[] element(int tag, byte[]... parts) {
        int size = Arrays.stream(parts).mapToInt(part -> part.length).sum();
        var out = new ByteArrayOutputStream();
        out.write(tag);
        if (size > 255) {
            out.write(0x82);
            out.write(size >> 8);
        } else if (size > 127) {
            out.write(0x81);
        }
        out.write(size);
        Arrays.stream(parts).forEach(out::writeBytes);
        return out.toByteArray();
    }

    static byte[] sequence(byte[]... parts) {
        return element(0x30, parts);
    }

    static byte[] integer(long value) {
        return element(2, BigInteger.valueOf(value).toByteArray());
    }

    static byte[] bits(byte[] bytes) {
        return element(3, new byte[1], bytes);
    }

    static byte[] octets(byte[] bytes) {
        return element(4, bytes);
    }

    static byte[] yes() {
        return element(1, new byte[] {-1});
    }

    /// {@return an object identifier} Of arcs below 128, but for the first two, which share a byte.
    static byte[] oid(int... arcs) {
        byte[] bytes = new byte[arcs.length - 1];
        bytes[0] = (byte) (arcs[0] * 40 + arcs[1]);
        for (int i = 2; i < arcs.length; i++) {
            bytes[i - 1] = (byte) arcs[i];
        }
        return element(6, bytes);
    }

    static byte[] name(String common) {
        return new X500Principal("CN=" + common).getEncoded();
    }

    static byte[] time(Instant time) {
        String text = DateTimeFormatter.ofPattern("yyyyMMddHHmmss'Z'").format(time.atOffset(ZoneOffset.UTC));
        return element(0x18, text.getBytes(US_ASCII));
    }

    static byte[] text(int tag, String value) {
        return element(tag, value.getBytes(UTF_8));
    }
}
