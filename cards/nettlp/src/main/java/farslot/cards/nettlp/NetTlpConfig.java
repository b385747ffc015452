package farslot.cards.nettlp;

import static farslot.cards.nettlp.NetTlpSpec.*;

import farslot.function.CardConfig;
import farslot.function.CardConfigException;
import farslot.pcie.nettlp.NetTlpFormat;

/**
 * What a configuration says of the card, beside the addresses.
 *
 * @param barBytes of BAR 4, a power of two
 * @param hostPorts of the sixteen ports for the server's requests, how many are used: a power of
 *     two
 * @param answerTimeoutNs how long a read of the server waits for the program, nanoseconds
 */
record NetTlpConfig(long barBytes, int hostPorts, long answerTimeoutNs) {
  /** libtlp's own. Below the 3 s after which a root port answers by itself. */
  private static final long ANSWER_TIMEOUT_MS = 500;

  private static final long ANSWER_TIMEOUT_MS_MAX = 2500;
  private static final long NS_PER_MS = 1_000_000;

  static final NetTlpConfig USUAL =
      new NetTlpConfig(PROGRAM_BAR_BYTES, 1, ANSWER_TIMEOUT_MS * NS_PER_MS);

  static NetTlpConfig of(CardConfig config) throws CardConfigException {
    long barBytes = config.size("bar4", PROGRAM_BAR_BYTES);
    if (Long.bitCount(barBytes) != 1
        || barBytes < PROGRAM_BAR_BYTES_MIN
        || barBytes > PROGRAM_BAR_BYTES_MAX) {
      throw config.wrong("bar4", "a power of two from 4KiB to 1TiB");
    }
    int hostPorts = (int) config.number("host-ports", 1, 1, NetTlpFormat.PORTS_OF_HOST);
    if (Integer.bitCount(hostPorts) != 1) {
      throw config.wrong("host-ports", "1, 2, 4, 8 or 16");
    }
    long timeoutMs =
        config.number("answer-timeout-ms", ANSWER_TIMEOUT_MS, 1, ANSWER_TIMEOUT_MS_MAX);
    return new NetTlpConfig(barBytes, hostPorts, timeoutMs * NS_PER_MS);
  }
}
