package farslot.carrier;

import farslot.linux.EventLoop;
import java.security.cert.CertificateException;
import java.time.Instant;

/**
 * How long a protected rail may last: until a certificate expires, or its owner is no longer
 * trusted. Some time before, and when this end has got other credentials, the rail is to be
 * replaced. On the loop's thread only.
 */
final class RailTenure {
  private static final long NS_PER_MS = 1_000_000;

  /** How long before a certificate expires a rail is replaced; less if it lives for less. */
  private static final long LEAD_MS_MAX = 60_000;

  /** What is left of the time is divided by this: there is some for several attempts. */
  private static final int LEAD_SHARE = 4;

  /** Who has the rail. */
  interface Holder {
    /** It is to be replaced. */
    void onAgeing(String cause);

    /** It must end now. */
    void onExpired(String cause);
  }

  private final RailSecurity security;
  private final Agreed agreed;
  private final Holder holder;
  private final EventLoop.Timer timer;
  private final long ageingMs;

  /** Begins at once. */
  RailTenure(EventLoop loop, RailSecurity security, Agreed agreed, Holder holder) {
    this.security = security;
    this.agreed = agreed;
    this.holder = holder;
    timer = loop.timer(this::look);
    long leftMs = Math.max(0, agreed.endsMs() - System.currentTimeMillis());
    ageingMs = agreed.endsMs() - Math.min(LEAD_MS_MAX, leftMs / LEAD_SHARE);
    arm();
  }

  private void arm() {
    long leftMs = Math.max(0, agreed.endsMs() - System.currentTimeMillis()) + 1;
    timer.arm(Math.min(security.checkNs(), leftMs * NS_PER_MS));
  }

  private void look() {
    long nowMs = System.currentTimeMillis();
    if (nowMs >= agreed.endsMs()) {
      holder.onExpired("a certificate has expired at " + Instant.ofEpochMilli(agreed.endsMs()));
      return;
    }
    try {
      String peer = security.nodeName(agreed.chain());
      if (!peer.equals(agreed.peer())) {
        holder.onExpired("'" + agreed.peer() + "' is now '" + peer + "'");
        return;
      }
    } catch (CertificateException e) {
      holder.onExpired("'" + agreed.peer() + "' is no longer trusted: " + e.getMessage());
      return;
    }
    arm();
    if (security.credentials() != agreed.credentials()) {
      holder.onAgeing("there are new credentials");
    } else if (nowMs >= ageingMs) {
      holder.onAgeing("a certificate expires at " + Instant.ofEpochMilli(agreed.endsMs()));
    }
  }

  void end() {
    timer.cancel();
  }
}
