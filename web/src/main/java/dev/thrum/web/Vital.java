package dev.thrum.web;

/// A handler whose requests are answered whatever the load: those that tell how the server is.
@FunctionalInterface
interface Vital extends Handler {}
