package farslot.cards.nettlp;

import farslot.pcie.nettlp.NetTlpError;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** Counters of one card, on the agent thread. */
final class NetTlpCounters {
  private final long[] counts = new long[NetTlpEvent.values().length];

  void add(NetTlpEvent event) {
    counts[event.ordinal()]++;
  }

  void add(NetTlpError error) {
    add(
        switch (error) {
          case TOO_SHORT -> NetTlpEvent.BAD_TOO_SHORT;
          case TOO_LONG -> NetTlpEvent.BAD_TOO_LONG;
          case LENGTH -> NetTlpEvent.BAD_LENGTH;
          case CROSSES_PAGE -> NetTlpEvent.BAD_CROSSES_PAGE;
          case MALFORMED -> NetTlpEvent.BAD_MALFORMED;
          case ADDRESS_TYPE -> NetTlpEvent.BAD_ADDRESS_TYPE;
        });
  }

  long of(NetTlpEvent event) {
    return counts[event.ordinal()];
  }

  /** What is not zero, for people. */
  Map<String, Long> counts() {
    Map<String, Long> all = new LinkedHashMap<>();
    for (NetTlpEvent event : NetTlpEvent.values()) {
      if (of(event) != 0) {
        all.put(event.name().toLowerCase(Locale.ROOT), of(event));
      }
    }
    return all;
  }
}
