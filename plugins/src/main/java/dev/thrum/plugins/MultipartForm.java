package dev.thrum.plugins;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;

/// A form with files: see [Multipart#form].
/// @param fields the texts
/// @param files the files, in the order in which they came
public record MultipartForm(Variables fields, List<Upload> files) {

    /// A form.
    public MultipartForm {
        requireNonNull(fields, "fields");
        files = List.copyOf(files);
    }

    /// {@return the first file of a field (Wookie's `file-upload`)}
    /// @param name the name of the field
    public Optional<Upload> file(String name) {
        requireNonNull(name, "name");
        return files.stream().filter(file -> file.name().equals(name)).findFirst();
    }
}
