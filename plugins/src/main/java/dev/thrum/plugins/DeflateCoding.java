package dev.thrum.plugins;

/// `gzip` (RFC 1952) and `deflate` (RFC 1950), by the JDK.
final class DeflateCoding implements ContentCoding {
    private final boolean gzip;
    private final Deflaters deflaters;

    DeflateCoding(boolean gzip, int level) {
        this.gzip = gzip;
        this.deflaters = new Deflaters(level, gzip);
    }

    Deflaters deflaters() {
        return deflaters;
    }

    @Override
    public String token() {
        return (gzip ? Coding.GZIP : Coding.DEFLATE).token();
    }

    @Override
    public Packing packing() {
        return new Deflation(gzip, deflaters.lend());
    }

    @Override
    public Unpacking unpacking() {
        return new Inflation(gzip);
    }
}
