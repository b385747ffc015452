package farslot.cli.fabric;

import farslot.api.ApiError;
import farslot.api.ApiException;
import farslot.api.client.ManagerAddress;
import farslot.pki.PkiException;

/** What is wrong with addresses and certificates, in the words of commands. */
final class Certified {
  private Certified() {}

  static ManagerAddress address(String text) throws ApiException {
    try {
      return ManagerAddress.of(text);
    } catch (IllegalArgumentException e) {
      throw new ApiException(ApiError.BAD_REQUEST, "nobody is asked", e.getMessage(), "");
    }
  }

  static ApiException refused(PkiException e) {
    ApiError error =
        switch (e.reason()) {
          case MISSING -> ApiError.NOT_FOUND;
          case MALFORMED -> ApiError.BAD_REQUEST;
          case HOST, KEY -> ApiError.FAILED;
          default -> ApiError.UNAUTHENTICATED;
        };
    return new ApiException(error, e.what(), e.why(), e.next());
  }
}
