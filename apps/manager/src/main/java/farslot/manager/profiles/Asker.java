package farslot.manager.profiles;

import farslot.manager.model.Document;

/**
 * Who wishes, and how.
 *
 * @param by name, for events and the audit log
 * @param tenant whose documents alone may be changed; "" for all
 * @param revision that the wish was made from: what has changed since is not overwritten; 0 for any
 * @param waitMs how long it may take until all is as wished, before it is put back
 * @param nowMs time of day, in milliseconds since 1970
 */
public record Asker(String by, String tenant, long revision, long waitMs, long nowMs) {
  /** A guest that is asked in vain, twice, and then some. */
  public static final long WAIT_MS = 120_000;

  /** The manager itself, or whoever owns its process. */
  public static Asker owner(long nowMs) {
    return new Asker("", "", 0, WAIT_MS, nowMs);
  }

  /** Whether a document is the asker's tenant's, or nobody's in particular. */
  boolean sees(Document document) {
    String owner = WishCheck.tenant(document);
    return tenant.isEmpty() || owner.isEmpty() || tenant.equals(owner);
  }
}
