package farslot.capture;

import farslot.pcie.TlpType;
import farslot.pcie.TlpView;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which TLPs and pushes somebody wants to see. A filter by address takes the completions of the
 * requests that it took, too.
 */
public final class TlpFilter {
  /** Requests whose completions are awaited; the oldest is forgotten. */
  private static final int AWAITED_MAX = 4096;

  /** What a push is called, which is no TLP. */
  private static final String PUSH = "PUSH";

  /** All names that a type can have, in lower case. */
  private static final Set<String> NAMES = names();

  /** A range of addresses, both ends included, unsigned. */
  public record Range(long low, long high) {
    /** Whether any of these addresses, both ends included, is in it. */
    public boolean meets(long first, long last) {
      return Long.compareUnsigned(first, high) <= 0 && Long.compareUnsigned(last, low) >= 0;
    }
  }

  private record Transaction(int session, int stream, int requesterId, int tag) {}

  private final Set<String> types;
  private final Range range;
  private final LinkedHashSet<Transaction> awaited = new LinkedHashSet<>();

  /**
   * @param types names as the specification spells them, in any case: {@code MRd}; empty for all
   * @param range of memory, atomic and I/O requests; null for all TLPs
   * @throws IllegalArgumentException for a name that no type has
   */
  public TlpFilter(Set<String> types, Range range) {
    Set<String> lower = new TreeSet<>();
    for (String type : types) {
      String name = type.trim().toLowerCase(Locale.ROOT);
      if (!NAMES.contains(name)) {
        throw new IllegalArgumentException("'" + type + "' is no TLP's type; there are " + all());
      }
      lower.add(name);
    }
    this.types = lower;
    this.range = range;
  }

  /** The names that a type can have, as the specification spells them, and PUSH. */
  public static Set<String> all() {
    Set<String> all = new TreeSet<>(Set.of(PUSH));
    for (int fmtType = 0; fmtType < 256; fmtType++) {
      if (TlpType.isDefined(fmtType)) {
        all.add(TlpType.name(fmtType));
      }
    }
    return all;
  }

  private static Set<String> names() {
    Set<String> names = new TreeSet<>();
    all().forEach(name -> names.add(name.toLowerCase(Locale.ROOT)));
    return names;
  }

  /** Whether it takes everything. */
  public boolean takesAll() {
    return types.isEmpty() && range == null;
  }

  /** Whether it takes this one; each TLP once, in the order in which they pass. */
  boolean takes(int session, int stream, TlpView tlp) {
    // Both are asked: a completion that is not wanted by type still ends its transaction.
    boolean address = range == null || byAddress(session, stream, tlp);
    return address
        && (types.isEmpty()
            || types.contains(TlpType.name(tlp.fmtType()).toLowerCase(Locale.ROOT)));
  }

  /** Whether it takes a push of so many bytes of the server's memory. */
  boolean takesPush(long address, int bytes) {
    return (range == null || range.meets(address, address + bytes - 1))
        && (types.isEmpty() || types.contains(PUSH.toLowerCase(Locale.ROOT)));
  }

  private boolean byAddress(int session, int stream, TlpView tlp) {
    int type = tlp.fmtType();
    if (TlpType.isCompletion(type)) {
      return completes(transaction(session, stream, tlp), tlp);
    }
    boolean addressed =
        TlpType.isMemoryRead(type)
            || TlpType.isMemoryWrite(type)
            || TlpType.isAtomic(type)
            || TlpType.isIo(type);
    long last = tlp.address() + 4L * tlp.lengthDw() - 1;
    boolean taken = addressed && range.meets(tlp.address(), last);
    if (!TlpType.isMemoryWrite(type)) {
      await(transaction(session, stream, tlp), taken);
    }
    return taken;
  }

  private boolean completes(Transaction transaction, TlpView tlp) {
    boolean last =
        tlp.statusCode() != 0 || tlp.dataBytes() == 0 || tlp.completedBytes() == tlp.byteCount();
    return last ? awaited.remove(transaction) : awaited.contains(transaction);
  }

  private void await(Transaction transaction, boolean taken) {
    awaited.remove(transaction); // A tag that is used again.
    if (taken) {
      awaited.add(transaction);
      if (awaited.size() > AWAITED_MAX) {
        awaited.removeFirst();
      }
    }
  }

  private static Transaction transaction(int session, int stream, TlpView tlp) {
    return new Transaction(session, stream, tlp.requesterId(), tlp.tag());
  }
}
