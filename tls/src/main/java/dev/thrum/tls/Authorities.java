package dev.thrum.tls;

import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The authorities of a [Trust], which may be read again from the file they came from.
///
/// Any thread. They are read without a lock, and reloaded under one.
final class Authorities {
    private final @Nullable Path file;
    private final ReentrantLock reloading = new ReentrantLock();
    private volatile Generation current; // written under reloading

    /// @param number 1 for the first, one more for each reload that changed something
    /// @param digest of the file
    record Generation(long number, List<X509Certificate> certificates, String digest) {}

    private Authorities(@Nullable Path file, Generation first) {
        this.file = file;
        this.current = first;
    }

    static Authorities of(List<X509Certificate> certificates) {
        return new Authorities(null, new Generation(1, certificates, ""));
    }

    static Authorities in(Path file) throws TlsException.BadFile {
        return new Authorities(file, read(file, 1));
    }

    private static Generation read(Path file, long number) throws TlsException.BadFile {
        byte[] content = Identity.read(file);
        return new Generation(number, new Pem(file, content).certificates(), Certificates.digest(content));
    }

    /// @throws IllegalStateException if they do not come from a file
    Certificates.Reload reload() {
        Path source = checkReloadable();
        reloading.lock();
        try {
            Generation old = current;
            Generation next = read(source, old.number + 1);
            if (next.digest.equals(old.digest)) {
                return new Certificates.Reload.Unchanged();
            }
            current = next;
            return new Certificates.Reload.Changed(next.number, firstEnd(next.certificates));
        } catch (TlsException.BadFile problem) {
            return new Certificates.Reload.Refused(problem);
        } finally {
            reloading.unlock();
        }
    }

    private static Instant firstEnd(List<X509Certificate> certificates) {
        return certificates.stream()
                .map(each -> each.getNotAfter().toInstant())
                .min(Instant::compareTo)
                .orElse(Instant.MAX);
    }

    /// @throws IllegalStateException if they do not come from a file
    Path checkReloadable() {
        if (file == null) {
            throw new IllegalStateException("this trust was not read from a file");
        }
        return file;
    }

    Generation current() {
        return current;
    }

    @Override
    public String toString() {
        int count = current.certificates.size();
        return count + (count == 1 ? " certificate" : " certificates") + (file == null ? "" : " of " + file);
    }
}
