package dev.thrum.plugins;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.thrum.kernel.Kernel;
import dev.thrum.promise.Promise;
import dev.thrum.web.WebApp;
import java.util.Base64;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Who gets in.
@Timeout(60)
class AuthenticationTest {
    private final Kernel kernel = Kernel.start(1);
    private Site site;

    @BeforeEach
    void start() {
        start(Authentication.of("photos")
                .withBasic((user, password) -> kernel.submit(() -> Authentication.same(password, "pässword:" + user)
                        ? Optional.of(new User(user, Set.of("admin")))
                        : Optional.empty()))
                .withBearer(token -> token.equals("broken")
                        ? Promise.failed(new IllegalStateException("as planned"))
                        : Promise.of(token.equals("t0ken") ? Optional.of(User.of("robot")) : Optional.empty()))
                .below("/admin"));
    }

    private void start(Authentication authentication) {
        if (site != null) {
            site.close();
        }
        site = Site.of(WebApp.create()
                .install(authentication)
                .get("/{rest:path}", (request, response) -> response.send(User.of(request)
                        .map(identity -> identity.name() + identity.has("admin"))
                        .orElse("nobody"))));
    }

    @AfterEach
    void stop() {
        site.close();
        kernel.close();
    }

    private static String basic(String pair) {
        return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(UTF_8));
    }

    private int status(String authorization) throws Exception {
        return site.get("/admin/x", "Authorization", authorization).statusCode();
    }

    @Test
    @Tag("PL-43")
    void whoProvesItsNameGetsIn() throws Exception {
        assertThat(site.get("/admin/x", "Authorization", basic("ada:pässword:ada")).body()).isEqualTo("adatrue");
        assertThat(site.get("/admin/x", "Authorization", "bearer t0ken").body()).isEqualTo("robotfalse");
        assertThat(site.get("/open").body()).isEqualTo("nobody");
        assertThat(site.get("/administrator").body()).isEqualTo("nobody");
    }

    @Test
    @Tag("PL-43")
    void theOthersAreToldHowToAsk() throws Exception {
        var refused = site.get("/admin/x");
        assertThat(refused.statusCode()).isEqualTo(401);
        assertThat(refused.headers().allValues("WWW-Authenticate"))
                .containsExactly("Basic realm=\"photos\", charset=\"UTF-8\"", "Bearer realm=\"photos\"");
        assertThat(status(basic("ada:wrong"))).isEqualTo(401);
        assertThat(status("Bearer wrong")).isEqualTo(401);
        assertThat(status("Digest x")).isEqualTo(401);
        assertThat(status("Basic !!!")).isEqualTo(400);
        assertThat(status(basic("nocolon"))).isEqualTo(400);
        assertThat(status("Basic " + Base64.getEncoder().encodeToString(new byte[] {(byte) 0xff, ':'}))).isEqualTo(400);
        assertThat(status("Bearer a b")).isEqualTo(400);
        assertThat(status("Bearer broken")).isEqualTo(500);
        assertThat(site.get("/admin/x", "Authorization", "Bearer t0ken", "Authorization", "Bearer t0ken").statusCode())
                .isEqualTo(400);
    }

    @Test
    @Tag("PL-44")
    void noOtherWayToWriteAPathLeadsAround() throws Exception {
        for (String path : new String[] {
            "/admin", "/admin/", "//admin/x", "/./admin/x", "/x/../admin/x", "/%61dmin/x", "/admin/./x", "/admin//x", "/admin%2e/../admin/x"
        }) {
            assertThat(site.rawGet(path)).as(path).startsWith("HTTP/1.1 401 ");
        }
        for (String path : new String[] {"/admin;a=b/x", "/ADMIN/x", "/admin%2Fx", "/admin%5Cx"}) {
            assertThat(site.rawGet(path)).as(path).doesNotContain("adatrue").containsAnyOf("nobody", "HTTP/1.1 400 ");
        }
    }

    @Test
    @Tag("PL-43")
    void credentialsMayBeLeftOutWhereItIsSaid() throws Exception {
        start(Authentication.of("photos").withBearer(token -> Promise.of(Optional.empty())).optional());
        assertThat(site.get("/x").body()).isEqualTo("nobody");
        assertThat(site.get("/x", "Authorization", "Bearer x").statusCode()).isEqualTo(401);
        assertThatIllegalArgumentException().isThrownBy(() -> Authentication.of("a\"b"));
        assertThatIllegalArgumentException().isThrownBy(() -> Authentication.of("a").below("admin"));
    }
}
