package farslot.cli.fabric;

import farslot.api.ApiError;
import farslot.api.ApiException;
import farslot.api.client.ApiClient;
import java.io.IOException;
import java.util.List;

/** Short names, where only one thing can be meant. */
final class FunctionNames {
  private FunctionNames() {}

  /** {@code APPLIANCE/FUNCTION} of a function that is named so, or by its own name alone. */
  static String function(ApiClient client, String said)
      throws ApiException, IOException, InterruptedException {
    return whole(client, Kind.FUNCTION, said, "farslot list");
  }

  /**
   * The same, said before who shall have it: whoever has said both the other way round is told so.
   *
   * @param command that takes them in this order
   */
  static String function(ApiClient client, String said, String holder, String command)
      throws ApiException, IOException, InterruptedException {
    try {
      return function(client, said);
    } catch (ApiException unknown) {
      if (unknown.error() != ApiError.NOT_FOUND || !known(client, holder, said)) {
        throw unknown;
      }
      throw new ApiException(
          ApiError.NOT_FOUND,
          unknown.what(),
          "it is one that functions are given to; the function comes first",
          "farslot %s %s %s".formatted(command, holder, said));
    }
  }

  private static boolean known(ApiClient client, String function, String holder)
      throws IOException, InterruptedException {
    try {
      function(client, function);
      holder(client, holder);
      return true;
    } catch (ApiException e) {
      return false;
    }
  }

  /** Who gets something. */
  record Holder(String server, String guest) {
    @Override
    public String toString() {
      return guest.isEmpty() ? server : server + "/" + guest;
    }
  }

  /** A server, one of its guests as {@code SERVER/GUEST}, or a guest by its own name alone. */
  static Holder holder(ApiClient client, String said)
      throws ApiException, IOException, InterruptedException {
    int slash = said.indexOf('/');
    if (slash >= 0) {
      return new Holder(said.substring(0, slash), said.substring(slash + 1));
    }
    boolean server =
        Items.of(client.get(Kind.SERVER.path())).stream()
            .anyMatch(each -> Kind.SERVER.nameOf(each).equals(said));
    if (server) {
      return new Holder(said, "");
    }
    String whole = whole(client, Kind.GUEST, said, "farslot get server");
    return whole.contains("/") ? holder(client, whole) : new Holder(said, "");
  }

  private static String whole(ApiClient client, Kind kind, String said, String next)
      throws ApiException, IOException, InterruptedException {
    if (said.contains("/")) {
      return said;
    }
    List<String> fits =
        Items.of(client.get(kind.path())).stream()
            .map(kind::nameOf)
            .filter(each -> each.endsWith("/" + said))
            .toList();
    if (fits.size() == 1) {
      return fits.getFirst();
    }
    if (fits.isEmpty()) {
      throw new ApiException(
          ApiError.NOT_FOUND,
          "there is no %s '%s'"
              .formatted(kind == Kind.GUEST ? "server or guest" : kind.word(), said),
          "",
          next);
    }
    throw new ApiException(
        ApiError.BAD_REQUEST,
        "'%s' is ambiguous".formatted(said),
        "there are " + String.join(", ", fits),
        "name one of them whole");
  }
}
