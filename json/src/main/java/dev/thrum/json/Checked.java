package dev.thrum.json;

/// A value that says what is wrong with it, when it was read from a request.
///
/// ```java
/// public record Person(String name, int age) implements Checked {
///     public void check(Errors errors) {
///         errors.unless(!name.isBlank(), "/name", "must not be blank");
///         errors.unless(age >= 0, "/age", "must be 0 or more");
///     }
/// }
/// ```
public interface Checked {

    /// Tells everything that is wrong.
    /// @param errors collects it
    void check(Errors errors);
}
