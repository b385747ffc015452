package farslot.store.engine;

import farslot.store.LeaseNotFoundException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Leases and when they end, in lived time. An end that has been reached is final. */
final class LeaseTable {
  /** One of them; {@code told} once somebody may know of it. */
  static final class Held {
    final long id;
    final long ttlNs;
    private long endNs;
    private boolean told;

    Held(long id, long ttlNs, long endNs) {
      this.id = id;
      this.ttlNs = ttlNs;
      this.endNs = endNs;
    }

    long remainingNs(long nowNs) {
      return Math.max(0, endNs - nowNs);
    }
  }

  private final Map<Long, Held> leases = new TreeMap<>();
  private long lastId;

  int size() {
    return leases.size();
  }

  long lastId() {
    return lastId;
  }

  void lastId(long id) {
    lastId = Math.max(lastId, id);
  }

  Iterable<Held> all() {
    return leases.values();
  }

  Held add(long id, long ttlNs, long nowNs) {
    Held held = new Held(id, ttlNs, nowNs + ttlNs);
    restore(held);
    lastId(id);
    return held;
  }

  void restore(Held held) {
    leases.put(held.id, held);
  }

  Held remove(long id) {
    return leases.remove(id);
  }

  /** Every one that is there may be known from now on. */
  void tell() {
    leases.values().forEach(each -> each.told = true);
  }

  /** One that lives and may be known; null otherwise. */
  Held living(long id, long nowNs) {
    Held held = leases.get(id);
    return held != null && held.told && held.endNs > nowNs ? held : null;
  }

  Held requireLiving(long id, long nowNs) throws LeaseNotFoundException {
    Held held = living(id, nowNs);
    if (held == null) {
      throw new LeaseNotFoundException(id);
    }
    return held;
  }

  void renew(Held held, long nowNs) {
    held.endNs = nowNs + held.ttlNs;
  }

  List<Long> ended(long nowNs) {
    return leases.values().stream()
        .filter(each -> each.told && each.endNs <= nowNs)
        .map(each -> each.id)
        .toList();
  }
}
