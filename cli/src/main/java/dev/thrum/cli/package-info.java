/// The `thrum` command: what it says of itself, and clear errors for what it does not know.
///
/// [dev.thrum.cli.Thrum] is the program. The launcher script `thrum` finds a JDK, builds what is missing and starts it;
/// programs of `examples/`, which no room may know, the script starts itself.
package dev.thrum.cli;
