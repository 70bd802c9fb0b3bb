package dev.thrum.verify.bench.micro;

/// Ten Thousand routes of each shape.
public class TenThousandRouteFind extends TenRouteFind {
    @Override
    protected int count() {
        return 10_000;
    }
}
