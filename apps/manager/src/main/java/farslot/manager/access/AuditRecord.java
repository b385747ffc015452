package farslot.manager.access;

import java.util.Objects;

/**
 * A change that was asked for.
 *
 * @param number grows by one with each
 * @param atMs when, in milliseconds since 1970
 * @param who as {@code user/ann}, {@code initiator/hv1}, {@code local}, {@code anonymous}
 * @param from an address, or the control socket
 * @param what method and path
 * @param body of the request, shortened, without secrets
 * @param outcome {@code done}, or the error's code, such as {@code forbidden}; {@link #BEGUN} of
 *     what is not answered yet, or was cut off by the manager's end: what it had changed by then
 *     holds
 * @param why it was not done; "" if it was
 * @param status as in HTTP
 * @param revision the store's, after it
 * @param times how often the same was refused in a row
 */
public record AuditRecord(
    long number,
    long atMs,
    String who,
    String tenant,
    String from,
    String what,
    String body,
    String outcome,
    String why,
    int status,
    long revision,
    int times) {
  /** The outcome of what is not answered yet. */
  public static final String BEGUN = "begun";

  public AuditRecord {
    tenant = Objects.requireNonNullElse(tenant, "");
    body = Objects.requireNonNullElse(body, "");
    why = Objects.requireNonNullElse(why, "");
  }

  boolean isRefusal() {
    return status >= 400;
  }

  /** The same for the same attempt, made again. */
  String attempt() {
    return String.join("|", who, from, what, outcome);
  }

  AuditRecord again(long nowMs) {
    return new AuditRecord(
        number, nowMs, who, tenant, from, what, body, outcome, why, status, revision, times + 1);
  }

  AuditRecord numbered(long next) {
    return new AuditRecord(
        next, atMs, who, tenant, from, what, body, outcome, why, status, revision, times);
  }

  AuditRecord at(long storeRevision) {
    return new AuditRecord(
        number, atMs, who, tenant, from, what, body, outcome, why, status, storeRevision, times);
  }

  AuditRecord ended(String how, String because, int withStatus) {
    return new AuditRecord(
        number, atMs, who, tenant, from, what, body, how, because, withStatus, revision, times);
  }
}
