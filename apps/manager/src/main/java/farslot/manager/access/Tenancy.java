package farslot.manager.access;

import farslot.api.ApiError;
import farslot.api.ApiException;
import farslot.api.Caller;
import farslot.api.Role;

/**
 * What a caller may see and change; the one place that decides it. Everything has an owner: a
 * tenant, or "" for nobody in particular. A caller without tenant sees and changes everything that
 * its role permits. A caller of a tenant
 *
 * <ul>
 *   <li>sees, and may use, what is its tenant's and what is nobody's: attach a function of the
 *       common pool, to a server that is nobody's;
 *   <li>changes only what is its tenant's: detach and move assignments that its people made, change
 *       its profiles and pools;
 *   <li>of all else hears the same as of what does not exist.
 * </ul>
 */
public final class Tenancy {
  private Tenancy() {}

  /** Whether a caller may see, and use, what belongs to a tenant. */
  public static boolean sees(Caller caller, String owner) {
    return caller.sees(owner);
  }

  /** Whether a caller may change what belongs to a tenant, as far as its role permits. */
  public static boolean owns(Caller caller, String owner) {
    return caller.tenant().isEmpty() || caller.tenant().equals(owner);
  }

  /**
   * That a caller may see it.
   *
   * @param what such as {@code "function 'rack1/disk0'"}
   * @throws ApiException as if it did not exist
   */
  public static void requireSeen(Caller caller, String owner, String what) throws ApiException {
    if (!sees(caller, owner)) {
      throw new ApiException(
          ApiError.NOT_FOUND, "there is no " + what, "", "list what there is: 'farslot list'");
    }
  }

  /**
   * That a caller may change it.
   *
   * @param what such as {@code "profile 'web'"}
   * @throws ApiException as if it did not exist, or that it is not its
   */
  public static void requireOwned(Caller caller, String owner, String what) throws ApiException {
    requireSeen(caller, owner, what);
    if (!owns(caller, owner)) {
      throw new ApiException(
          ApiError.FORBIDDEN,
          what + " is not changed",
          "it belongs to the whole fabric, and '%s' to the tenant '%s'"
              .formatted(caller.name(), caller.tenant()),
          "ask an operator of this fabric who has no tenant");
    }
  }

  /**
   * That a caller may change who may do what: an admin without tenant.
   *
   * @param what does not happen otherwise
   */
  public static void requireFabricAdmin(Caller caller, String what) throws ApiException {
    if (!caller.role().covers(Role.ADMIN) || !caller.tenant().isEmpty()) {
      throw new ApiException(
          ApiError.FORBIDDEN,
          what,
          "this is for admins of the whole fabric, and '%s' is %s"
              .formatted(
                  caller.name(),
                  caller.tenant().isEmpty()
                      ? caller.role().name().toLowerCase(java.util.Locale.ROOT)
                      : "of the tenant '" + caller.tenant() + "'"),
          "ask an admin, or the owner of the manager's process");
    }
  }
}
