package dev.thrum.verify.bench.server;

import java.util.List;

/// The small record that is sent as JSON.
/// @param id a number
/// @param title a text
/// @param tags some words
/// @param shared yes or no
public record Photo(int id, String title, List<String> tags, boolean shared) {

    static Photo make() {
        return new Photo(7, "A boat", List.of("sea", "summer"), true);
    }
}
