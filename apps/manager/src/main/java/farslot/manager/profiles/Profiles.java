package farslot.manager.profiles;

import farslot.api.Router;
import farslot.manager.engine.Manager;
import farslot.manager.engine.Now;
import farslot.manager.engine.Part;
import farslot.manager.engine.View;
import farslot.store.Transaction;
import java.util.List;

/** Profiles, templates, pools and identities, as a part of a manager. */
public final class Profiles implements Part {
  private final ProfileKeeper keeper = new ProfileKeeper();

  @Override
  public void routes(Manager manager, Router router) {
    Applying applying = new Applying(manager);
    new ProfileRoutes(manager, applying).add(router);
    new CatalogueRoutes(manager, applying).add(router);
  }

  @Override
  public List<Transaction> due(View view, Now now) {
    return keeper.look(view.fabric(), new ViewFacts(view), now.ns(), now.ms()).transactions();
  }
}
