package dev.thrum.plugins;

import dev.thrum.plugins.ByteRanges.Part;
import dev.thrum.system.Disk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// What a client is told of a file that it gets, and how it gets it: whole or in parts, or not at all, if it has it. What it does
/// blocks, so it is for a lane.
/// @param path names it in messages
/// @param type its media type
/// @param cacheControl how long it may be kept
/// @param coding how its bytes are packed
/// @param varies whether another client may get it packed in another way
record SentFile(Path path, String type, String cacheControl, Optional<Coding> coding, boolean varies) {
    private static final int SMALL = 64 << 10; // read at once; larger files are streamed

    /// {@return the answer}
    /// @param channel the file, open; closed here, unless the answer is streamed from it
    /// @param modified when it was changed
    FileAnswer answer(FileChannel channel, Instant modified, FileWish wish, Disk disk) throws IOException {
        boolean kept = false;
        try {
            FileAnswer answer = judged(channel, modified, wish, disk);
            kept = answer.isStreamed();
            return answer;
        } finally {
            if (!kept) {
                channel.close();
            }
        }
    }

    private FileAnswer judged(FileChannel channel, Instant modified, FileWish wish, Disk disk) throws IOException {
        long size = channel.size();
        String tag = tag(modified, size);
        int status = wish.judge(tag, modified);
        FileAnswer answer = new FileAnswer(status).with("ETag", tag).with("Last-Modified", HttpDates.format(modified));
        answer.with("Cache-Control", cacheControl);
        if (varies) {
            answer.with("Vary", "Accept-Encoding");
        }
        if (status != 200) {
            return answer;
        }
        coding.ifPresent(each -> answer.with("Content-Encoding", each.token()));
        answer.with("Content-Type", type).with("Accept-Ranges", "bytes").with("X-Content-Type-Options", "nosniff");
        Optional<List<Part>> parts = wish.rangeOf(tag, modified).flatMap(header -> ByteRanges.parse(header, size));
        return parts.isPresent()
                ? parts(answer, disk, channel, parts.get(), size)
                : whole(answer, wish.head(), disk, channel, size);
    }

    private String tag(Instant modified, long size) {
        long nanos = Math.addExact(Math.multiplyExact(modified.getEpochSecond(), 1_000_000_000L), modified.getNano());
        return '"' + Long.toHexString(nanos) + '-' + Long.toHexString(size)
                + coding.map(each -> "-" + each.token()).orElse("") + '"';
    }

    private FileAnswer whole(FileAnswer answer, boolean head, Disk disk, FileChannel channel, long size) throws IOException {
        if (head) {
            return answer.withLength(size);
        }
        if (size <= SMALL) {
            ByteBuffer bytes = ByteBuffer.allocate((int) size);
            while (bytes.hasRemaining() && channel.read(bytes) >= 0) {
                // until it is full, or the file ends
            }
            return answer.withBytes(bytes.flip());
        }
        return answer.withPart(disk.adopt(path, channel), new Part(0, size));
    }

    private FileAnswer parts(FileAnswer answer, Disk disk, FileChannel channel, List<Part> parts, long size) {
        if (parts.isEmpty()) {
            return new FileAnswer(416).with("Content-Range", "bytes */" + size);
        }
        FileAnswer partial = answer.partial();
        return parts.size() == 1
                ? partial.with("Content-Range", FileAnswer.range(parts.getFirst(), size))
                        .withPart(disk.adopt(path, channel), parts.getFirst())
                : partial.withParts(disk.adopt(path, channel), parts, size);
    }
}
