package dev.thrum.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thrum.scope.Key;
import dev.thrum.scope.Scope;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Plugins: their order, their data, their end.
@Timeout(120)
@Tag("W-31")
class PluginTest {
    private static final Listener ANY_PORT = Listener.http(0).withHost("127.0.0.1");
    private static final List<Object> LOG = new CopyOnWriteArrayList<>();

    private final WebApp app = WebApp.create();
    private Server server;

    @AfterEach
    void stop() {
        LOG.clear();
        if (server != null) {
            server.close(Duration.ZERO);
        }
    }

    private RawClient.Answer get(String path) throws IOException {
        if (server == null) {
            server = app.start(ANY_PORT);
        }
        return RawClient.get(server.ports().getFirst(), path);
    }

    /// Greets in every request.
    private static final class Greeting implements Plugin {
        record Config(String text) {}

        static final Key<String> GREETING = Key.of("greeting");
        static final Key<String> BOUND = Key.of("bound");

        private final Config config;

        Greeting(String text) {
            this.config = new Config(text);
        }

        @Override
        public Optional<Record> configuration() {
            return Optional.of(config);
        }

        @Override
        public void install(WebApp app) {
            LOG.add("install Greeting");
            app.bind(BOUND, config.text())
                    .on(Event.HeadersParsed.class, event -> event.request().put(GREETING, config.text()))
                    .get("/greeting", (request, response) -> response.send(config.text()));
        }

        @Override
        public void uninstalled(WebApp app) {
            LOG.add("uninstalled Greeting");
        }

        @Override
        public void started(Server server) {
            LOG.add("started Greeting");
        }

        @Override
        public void stopped(Server server) {
            LOG.add("stopped Greeting " + server.isRunning());
        }
    }

    /// Shouts what the other says.
    private static final class Shouting implements Plugin {
        @Override
        public Set<Class<? extends Plugin>> requires() {
            return Set.of(Greeting.class);
        }

        @Override
        public void install(WebApp app) {
            LOG.add("install Shouting after " + app.plugin(Greeting.class).orElseThrow().config);
            app.on(Event.PreRoute.class, event -> event.request()
                    .get(Greeting.GREETING)
                    .ifPresent(text -> event.request().put(Greeting.GREETING, text.toUpperCase())));
        }

        @Override
        public void started(Server server) {
            LOG.add("started Shouting");
        }

        @Override
        public void stopped(Server server) {
            LOG.add("stopped Shouting");
            throw new IllegalStateException("as planned");
        }
    }

    private static Handler greets() {
        return (request, response) -> response.send(request.get(Greeting.GREETING).orElse("nothing"));
    }

    @Test
    void pluginsAreInstalledAfterThoseThatTheyRequire() throws IOException {
        app.get("/", greets()).install(new Shouting(), new Greeting("hello"));

        assertThat(get("/").body()).isEqualTo("HELLO");
        assertThat(get("/greeting").body()).isEqualTo("hello");
        assertThat(LOG)
                .containsExactly(
                        "install Greeting",
                        "install Shouting after Config[text=hello]",
                        "started Greeting",
                        "started Shouting");
        assertThat(app.plugins()).hasExactlyElementsOfTypes(Greeting.class, Shouting.class);
        assertThat(app.plugin(Greeting.class).flatMap(Plugin::configuration)).contains(new Greeting.Config("hello"));
    }

    @Test
    void pluginsHearOfTheEndInReverse() throws IOException {
        app.install(new Greeting("hello"), new Shouting());
        get("/");
        LOG.clear();
        server.close();
        server.close();

        assertThat(LOG).containsExactly("stopped Shouting", "stopped Greeting false");
    }

    @Test
    void aPluginThatIsMissingIsAClearErrorAndNothingIsInstalled() {
        assertThatThrownBy(() -> app.install(new Shouting()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Shouting requires Greeting: install it before, or with it");
        assertThat(app.plugins()).isEmpty();
    }

    @Test
    @Tag("D-6")
    void thereIsOnePluginOfAClassSoThatItsHooksAreNotDoubled() {
        app.install(new Greeting("hello"));

        assertThatThrownBy(() -> app.install(new Greeting("again")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("an application has one plugin of a class: Greeting");
    }

    private static final class Hen implements Plugin {
        @Override
        public Set<Class<? extends Plugin>> requires() {
            return Set.of(Egg.class);
        }

        @Override
        public void install(WebApp app) {}
    }

    private static final class Egg implements Plugin {
        @Override
        public Set<Class<? extends Plugin>> requires() {
            return Set.of(Hen.class);
        }

        @Override
        public void install(WebApp app) {}
    }

    @Test
    void pluginsThatRequireEachOtherAreRefused() {
        assertThatThrownBy(() -> app.install(new Hen(), new Egg()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("plugins must not require each other: Hen, Egg");
    }

    @Test
    @Tag("D-6")
    void whatAPluginHasAddedGoesWithIt() throws IOException {
        app.get("/", greets())
                .get("/bound", (request, response) ->
                        response.send(Scope.current().get(Greeting.BOUND).orElse("nothing")))
                .install(new Greeting("hello"));
        app.uninstall(Greeting.class);

        assertThat(get("/").body()).isEqualTo("nothing");
        assertThat(get("/bound").body()).isEqualTo("nothing");
        assertThat(get("/greeting").status()).isEqualTo(404);
        assertThat(LOG).contains("uninstalled Greeting").doesNotContain("started Greeting");
        app.install(new Greeting("again"));
        server.close();
        server = null;
        assertThat(get("/").body()).isEqualTo("again");
        assertThat(get("/bound").body()).isEqualTo("again");
    }

    @Test
    void aPluginThatAnotherRequiresStays() {
        app.install(new Greeting("hello"), new Shouting());

        assertThatThrownBy(() -> app.uninstall(Greeting.class))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("Shouting requires Greeting: uninstall it before");
        app.uninstall(Shouting.class).uninstall(Greeting.class);
        assertThatThrownBy(() -> app.uninstall(Greeting.class))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("there is no such plugin: Greeting");
    }

    private static final class Broken implements Plugin {
        private final boolean atInstall;

        Broken(boolean atInstall) {
            this.atInstall = atInstall;
        }

        @Override
        public void install(WebApp app) {
            app.get("/broken", (request, response) -> response.send("x"));
            if (atInstall) {
                throw new IllegalArgumentException("as planned");
            }
        }

        @Override
        public void started(Server server) {
            throw new IllegalStateException("as planned");
        }
    }

    @Test
    void aPluginThatCannotBeInstalledLeavesNothingBehind() throws IOException {
        assertThatThrownBy(() -> app.install(new Broken(true))).hasMessage("as planned");

        assertThat(app.plugins()).isEmpty();
        assertThat(get("/broken").status()).isEqualTo(404);
    }

    @Test
    void aPluginThatCannotStartEndsTheServer() {
        app.install(new Greeting("hello"), new Broken(false));

        assertThatThrownBy(() -> app.start(ANY_PORT))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("as planned");
        assertThat(LOG).contains("stopped Greeting false");
    }
}
