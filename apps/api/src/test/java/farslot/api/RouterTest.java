package farslot.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.MissingNode;

class RouterTest {
  private final Router router =
      new Router()
          .get("/api/v1/functions", (request, parts) -> ApiResponse.ok(Json.object()))
          .get(
              "/api/v1/functions/{appliance}/{function}",
              (request, parts) -> ApiResponse.ok(Json.tree(parts)))
          .get(
              "/api/v1/functions/{appliance}/all",
              (request, parts) -> ApiResponse.ok(Json.object().put("all", true)))
          .on(
              "POST",
              "/api/v1/functions/{appliance}/{function}/attach",
              Role.OPERATOR,
              (request, parts) -> ApiResponse.accepted(Json.object()))
          .on("POST", "/api/v1/join", Role.NONE, (request, parts) -> ApiResponse.ok(Json.object()));

  private static ApiRequest request(String method, String path, Caller caller) {
    return new ApiRequest(method, path, Map.of(), MissingNode.getInstance(), caller);
  }

  private static Caller user(Role role) {
    return new Caller(Caller.Kind.USER, "ann", role, "", "test");
  }

  @Test
  void holesTakeOnePartEach() throws Exception {
    ApiResponse answer =
        router.handle(request("GET", "/api/v1/functions/rack1/disk0", Caller.LOCAL));
    assertThat(answer.body().path("appliance").asString()).isEqualTo("rack1");
    assertThat(answer.body().path("function").asString()).isEqualTo("disk0");
  }

  @Test
  void theMoreExactPatternWins() throws Exception {
    ApiResponse answer = router.handle(request("GET", "/api/v1/functions/rack1/all", Caller.LOCAL));
    assertThat(answer.body().path("all").asBoolean()).isTrue();
  }

  @Test
  void whatIsNotThereIsNotFound() {
    for (String path : new String[] {"/", "", "/api/v1/functions/", "/api/v1/functions//x", "/x"}) {
      assertThatThrownBy(() -> router.handle(request("GET", path, Caller.LOCAL)))
          .as(path)
          .isInstanceOfSatisfying(
              ApiException.class, e -> assertThat(e.error()).isEqualTo(ApiError.NOT_FOUND));
    }
  }

  @Test
  void anotherMethodIsSaid() {
    assertThatThrownBy(() -> router.handle(request("PUT", "/api/v1/functions", Caller.LOCAL)))
        .hasMessageContaining("[GET]");
  }

  @Test
  void whoMayNotIsRefused() throws Exception {
    String attach = "/api/v1/functions/rack1/disk0/attach";
    assertThatThrownBy(() -> router.handle(request("POST", attach, user(Role.VIEWER))))
        .isInstanceOfSatisfying(
            ApiException.class, e -> assertThat(e.error()).isEqualTo(ApiError.FORBIDDEN))
        .hasMessageContaining("needs operator");
    assertThat(router.handle(request("POST", attach, user(Role.OPERATOR))).status()).isEqualTo(202);
  }

  @Test
  void strangersMayOnlyAskToBeLetIn() throws Exception {
    Caller stranger = new Caller(Caller.Kind.ANONYMOUS, "", Role.NONE, "", "test");
    assertThatThrownBy(() -> router.handle(request("GET", "/api/v1/functions", stranger)))
        .isInstanceOfSatisfying(
            ApiException.class, e -> assertThat(e.error()).isEqualTo(ApiError.UNAUTHENTICATED));
    assertThat(router.handle(request("POST", "/api/v1/join", stranger)).status()).isEqualTo(200);
  }
}
