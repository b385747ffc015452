package farslot.manager.http;

import farslot.api.Router;
import farslot.manager.access.Access;
import farslot.manager.engine.Manager;
import farslot.manager.engine.Part;

/** Lets a manager be asked who may do what. */
record AccessPart(Access access) implements Part {
  @Override
  public void routes(Manager manager, Router router) {
    access.routes(router);
  }
}
