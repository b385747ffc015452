package farslot.manager.engine;

import farslot.api.ApiException;
import farslot.manager.access.Members;
import farslot.store.StateStore;

/** As the fabric's members are recorded. Who cannot be read is hidden from all tenants. */
final class MemberOwners implements Owners {
  /** No tenant is called so: names have no blanks. */
  private static final String NOBODY = " ";

  private final Members members;

  MemberOwners(StateStore store) {
    members = new Members(store);
  }

  @Override
  public String ofServer(String name) {
    try {
      return members.tenantOfServer(name);
    } catch (ApiException e) {
      return NOBODY;
    }
  }

  @Override
  public String ofAppliance(String name) {
    try {
      return members.tenantOfAppliance(name);
    } catch (ApiException e) {
      return NOBODY;
    }
  }
}
