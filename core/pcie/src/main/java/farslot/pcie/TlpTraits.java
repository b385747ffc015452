package farslot.pcie;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.OptionalInt;

/**
 * What any TLP may say about itself besides its purpose (2.2.6, 2.2.7.1, 2.2.10, 2.7).
 *
 * @param trafficClass TC, 0 to 7
 * @param attributes Attr[2:0]: {@link #IDO}, {@link #RELAXED_ORDERING}, {@link #NO_SNOOP}
 * @param addressType AT: 0 untranslated, 1 translation request, 2 translated
 * @param hint TLP Processing Hint of a request to memory, or {@link TlpHint#NONE}
 * @param ln Lightweight Notification
 * @param poisoned EP: the data is known to be wrong
 * @param prefixes DWs before the header, the first sent first; at most 4
 * @param digest the ECRC, right or wrong, or empty when TD is clear
 */
public record TlpTraits(
    int trafficClass,
    int attributes,
    int addressType,
    TlpHint hint,
    boolean ln,
    boolean poisoned,
    List<Integer> prefixes,
    OptionalInt digest) {
  public static final int IDO = 4;
  public static final int RELAXED_ORDERING = 2;
  public static final int NO_SNOOP = 1;

  /** Nothing special: TC 0, no attributes, no prefixes, no digest. */
  public static final TlpTraits PLAIN =
      new TlpTraits(0, 0, 0, TlpHint.NONE, false, false, List.of(), OptionalInt.empty());

  public TlpTraits {
    if ((trafficClass & ~7) != 0 || (attributes & ~7) != 0 || (addressType & ~3) != 0) {
      throw new IllegalArgumentException("TC, Attr or AT has more bits than the header");
    }
    if (prefixes.size() > TlpLimits.PREFIX_COUNT_MAX) {
      throw new IllegalArgumentException(prefixes.size() + " prefixes");
    }
    prefixes = List.copyOf(prefixes);
  }

  /** The same, with this Traffic Class. */
  public TlpTraits withTrafficClass(int tc) {
    return new TlpTraits(tc, attributes, addressType, hint, ln, poisoned, prefixes, digest);
  }

  /** The same, with these attributes. */
  public TlpTraits withAttributes(int attr) {
    return new TlpTraits(trafficClass, attr, addressType, hint, ln, poisoned, prefixes, digest);
  }

  /** The same, poisoned. */
  public TlpTraits withPoison() {
    return new TlpTraits(trafficClass, attributes, addressType, hint, ln, true, prefixes, digest);
  }

  /** The same, with these prefixes. */
  public TlpTraits withPrefixes(Integer... dws) {
    List<Integer> list = List.of(dws);
    return new TlpTraits(trafficClass, attributes, addressType, hint, ln, poisoned, list, digest);
  }

  /** Adds TC, Attr, AT, TH, LN and EP to the header at {@code headerAt}. Allocates nothing. */
  public void stamp(MemorySegment to, long headerAt) {
    int bits = trafficClass << TlpHeader.TC_SHIFT | addressType << TlpHeader.AT_SHIFT;
    bits |= (attributes & TlpHeader.ATTR_MASK) << TlpHeader.ATTR_SHIFT;
    bits |= (attributes & IDO) == 0 ? 0 : TlpHeader.ATTR_IDO;
    bits |= (ln ? TlpHeader.LN : 0) | (poisoned ? TlpHeader.EP : 0);
    BigEndian.i32(to, headerAt, BigEndian.i32(to, headerAt) | bits);
    hint.stamp(to, headerAt);
  }

  /** As an analyser writes them, each after a space: {@code TC3 RO TD}; empty when plain. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    prefixes.forEach(prefix -> text.append(String.format(" prefix %08x", prefix)));
    text.append(trafficClass == 0 ? "" : " TC" + trafficClass);
    text.append((attributes & IDO) == 0 ? "" : " IDO");
    text.append((attributes & RELAXED_ORDERING) == 0 ? "" : " RO");
    text.append((attributes & NO_SNOOP) == 0 ? "" : " NS");
    text.append(addressType == 0 ? "" : " AT" + addressType);
    text.append(hint).append(ln ? " LN" : "").append(poisoned ? " EP" : "");
    digest.ifPresent(ecrc -> text.append(String.format(" ECRC %08x", ecrc)));
    return text.toString();
  }
}
