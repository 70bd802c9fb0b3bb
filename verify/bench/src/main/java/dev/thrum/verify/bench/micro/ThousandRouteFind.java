package dev.thrum.verify.bench.micro;

/// A Thousand routes of each shape.
public class ThousandRouteFind extends TenRouteFind {
    @Override
    protected int count() {
        return 1_000;
    }
}
