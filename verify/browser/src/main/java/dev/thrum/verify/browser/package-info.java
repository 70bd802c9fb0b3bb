/// A headless Chromium, and what drives it: the Chrome DevTools Protocol over the JDK's WebSocket.
@org.jspecify.annotations.NullMarked
package dev.thrum.verify.browser;
