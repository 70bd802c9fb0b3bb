package dev.thrum.loop;

import static java.util.Objects.requireNonNull;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The handlers of one signal in this process, and the way to the JVM, which knows only one for each.
///
/// **Threads.** Any thread.
final class SignalLine {
    private static final Map<Signal, SignalLine> LINES =
            Stream.of(Signal.values()).collect(Collectors.toUnmodifiableMap(signal -> signal, SignalLine::new));

    private final Signal signal;
    private volatile List<Runnable> handlers = List.of(); // written under the lock of this
    private @Nullable Object former; // guarded by this

    private SignalLine(Signal signal) {
        this.signal = signal;
    }

    static SignalLine of(Signal signal) {
        return requireNonNull(LINES.get(signal));
    }

    /// @throws IllegalStateException if the platform or the JVM does not let go of the signal
    synchronized void add(Runnable handler) {
        if (handlers.isEmpty()) {
            former = Jdk.handle(signal, Jdk.handlerOf(this));
        }
        var more = new ArrayList<>(handlers);
        more.add(handler);
        handlers = List.copyOf(more);
    }

    synchronized void remove(Runnable handler) {
        var fewer = new ArrayList<>(handlers);
        if (fewer.remove(handler)) {
            handlers = List.copyOf(fewer);
            if (fewer.isEmpty() && former != null) {
                Jdk.handle(signal, former);
                former = null;
            }
        }
    }

    /// On a thread of the JVM, of which there is a new one for each signal.
    private void raised() {
        handlers.forEach(Runnable::run);
    }

    /// The class `sun.misc.Signal`, by method handles: naming it is a warning that nobody can switch off.
    private static final class Jdk {
        private static final Class<?> HANDLER;
        private static final MethodHandle NEW;
        private static final MethodHandle HANDLE;

        static {
            try {
                Class<?> signal = Class.forName("sun.misc.Signal");
                HANDLER = Class.forName("sun.misc.SignalHandler");
                MethodHandles.Lookup lookup = MethodHandles.publicLookup();
                NEW = lookup.findConstructor(signal, MethodType.methodType(void.class, String.class))
                        .asType(MethodType.methodType(Object.class, String.class));
                HANDLE = lookup.findStatic(signal, "handle", MethodType.methodType(HANDLER, signal, HANDLER))
                        .asType(MethodType.methodType(Object.class, Object.class, Object.class));
            } catch (ReflectiveOperationException e) {
                throw new ExceptionInInitializerError(e);
            }
        }

        static Object handlerOf(SignalLine line) {
            return Proxy.newProxyInstance(SignalLine.class.getClassLoader(), new Class<?>[] {HANDLER}, (proxy, method, arguments) ->
                    switch (method.getName()) {
                        case "equals" -> proxy == arguments[0];
                        case "hashCode" -> System.identityHashCode(proxy);
                        case "toString" -> "Thrum's handler of " + line.signal;
                        default -> {
                            line.raised();
                            yield null;
                        }
                    });
        }

        /// {@return the former handler}
        static Object handle(Signal signal, Object handler) {
            try {
                return (Object) HANDLE.invokeExact((Object) NEW.invokeExact(signal.name()), handler);
            } catch (IllegalArgumentException e) {
                throw new IllegalStateException("neither the system nor the JVM lets a program have " + signal, e);
            } catch (RuntimeException | Error e) {
                throw e;
            } catch (Throwable e) {
                throw new IllegalStateException("cannot handle " + signal, e);
            }
        }
    }
}
