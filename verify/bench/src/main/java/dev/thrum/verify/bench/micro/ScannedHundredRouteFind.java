package dev.thrum.verify.bench.micro;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A hundred routes of each shape, as Wookie has them: a list of regular expressions, tried one after the other.
public class ScannedHundredRouteFind extends RouteFind {
    private final List<Pattern> patterns = new ArrayList<>();

    @Override
    protected int count() {
        return 100;
    }

    @Override
    protected void prepare() {
        for (int i = 0; i < count(); i++) {
            patterns.add(Pattern.compile("/r" + i + "/photos"));
            patterns.add(Pattern.compile("/r" + i + "/photos/(-?\\d+)/([^/]+)"));
        }
    }

    @Override
    protected Object find(String path) {
        for (Pattern pattern : patterns) {
            Matcher matcher = pattern.matcher(path);
            if (matcher.matches()) {
                return matcher;
            }
        }
        return patterns;
    }
}
