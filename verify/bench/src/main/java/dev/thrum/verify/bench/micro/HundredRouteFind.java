package dev.thrum.verify.bench.micro;

/// A Hundred routes of each shape.
public class HundredRouteFind extends TenRouteFind {
    @Override
    protected int count() {
        return 100;
    }
}
