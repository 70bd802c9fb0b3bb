package dev.thrum.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.http.Method;
import dev.thrum.route.PathPattern;
import dev.thrum.route.Route;
import dev.thrum.route.Routes;
import dev.thrum.web.Application;
import dev.thrum.web.Handler;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("C-5")
class RouteListTest {
    private static final Handler NEVER = (request, response) -> response.send();

    private record Named(String name, Routes<Handler> routes) implements Application {}

    private static final Application SHOP = new Named(
            "shop",
            Routes.<Handler>builder()
                    .add(Route.of(Method.GET, "/{x:path}", NEVER))
                    .add(Route.of(Set.of(Method.PUT, Method.PATCH), PathPattern.of("/photos/{id}"), NEVER))
                    .add(Route.of(Method.GET, "/photos/{id:int}", NEVER).withHost("shop.example"))
                    .add(Route.any("/first/{x}", NEVER).withPriority(2))
                    .add(Route.of(Method.GET, "/first/one", NEVER))
                    .build());

    @Test
    void routesAreListedInTheOrderInWhichTheyAreAskedAndShadowsAreMarked() throws IOException {
        assertThat(RouteList.text(SHOP).lines())
                .containsExactly(
                        "shop: 5 routes, in the order in which they are asked",
                        "  * /first/{x}, priority 2",
                        "  GET /first/one  <- never asked unless * /first/{x}, priority 2 passes",
                        "  GET /photos/{id:int} on shop.example",
                        "  PATCH,PUT /photos/{id}",
                        "  GET /{x:path}");
    }

    @Test
    void anApplicationIsFoundByItsName() {
        var list = new RouteList(List.of(SHOP, new Named("admin", Routes.<Handler>builder().build())));

        assertThat(list.find("shop")).contains(SHOP);
        assertThat(list.find("Shop")).isEmpty();
        assertThat(list.names()).isEqualTo("admin, shop");
    }
}
