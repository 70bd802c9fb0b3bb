/// What is measured inside the web server.
@org.jspecify.annotations.NullUnmarked
package dev.thrum.web;
