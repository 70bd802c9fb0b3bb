package dev.thrum.examples.photos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.web.Application;
import java.io.IOException;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;

class PhotoRoutesTest {

    @Test
    void theRoutesAreFoundByName() throws IOException {
        var application = ServiceLoader.load(Application.class).findFirst().orElseThrow();

        assertThat(application.name()).isEqualTo("photos");
        assertThat(application.routes().ranked())
                .extracting(Object::toString)
                .contains("GET /", "GET /photos/{id}", "DELETE /jobs/{category}", "GET /fib/{n:int}", "GET /{file:path}");
        assertThat(application.routes().shadowed()).isEmpty();
    }
}
