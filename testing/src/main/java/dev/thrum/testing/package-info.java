/// What tests of programs on Thrum need.
///
/// [dev.thrum.testing.FakeLoop] is an event loop whose time is the test's: an hour passes in microseconds, and always in
/// the same order.
package dev.thrum.testing;
