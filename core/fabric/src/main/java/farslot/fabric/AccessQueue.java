package farslot.fabric;

/** Accesses in the order in which they are to be issued. */
final class AccessQueue {
  private Access first;
  private Access last;

  boolean isEmpty() {
    return first == null;
  }

  Access first() {
    return first;
  }

  void add(Access access) {
    access.nextWaiting = null;
    if (first == null) {
      first = access;
    } else {
      last.nextWaiting = access;
    }
    last = access;
  }

  void removeFirst() {
    Access access = first;
    first = access.nextWaiting;
    access.nextWaiting = null;
    if (first == null) {
      last = null;
    }
  }

  /** Takes one out wherever it stands; nothing if it is not here. Rare, so it may look through. */
  void remove(Access access) {
    if (first == access) {
      removeFirst();
      return;
    }
    for (Access at = first; at != null; at = at.nextWaiting) {
      if (at.nextWaiting == access) {
        at.nextWaiting = access.nextWaiting;
        access.nextWaiting = null;
        if (last == access) {
          last = at;
        }
        return;
      }
    }
  }
}
