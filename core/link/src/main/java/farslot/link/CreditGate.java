package farslot.link;

import farslot.pcie.FlowClass;

/**
 * The sender's half of flow control (PCI Express Base Specification 2.6.1.2): CREDITS_CONSUMED
 * against CREDIT_LIMIT, modulo 2^32, for headers and data of each class.
 */
final class CreditGate {
  private static final int CLASSES = FlowClass.values().length;
  private final boolean[] infiniteHeaders = new boolean[CLASSES];
  private final boolean[] infiniteData = new boolean[CLASSES];
  private final int[] headersGranted = new int[CLASSES];
  private final int[] dataGranted = new int[CLASSES];
  private final int[] headerLimit = new int[CLASSES];
  private final int[] dataLimit = new int[CLASSES];
  private final int[] headersConsumed = new int[CLASSES];
  private final int[] dataConsumed = new int[CLASSES];

  CreditGate(Credits granted) {
    for (FlowClass flow : FlowClass.values()) {
      int i = flow.ordinal();
      headerLimit[i] = headersGranted[i] = granted.headers(flow);
      dataLimit[i] = dataGranted[i] = granted.data(flow);
      infiniteHeaders[i] = headerLimit[i] == 0;
      infiniteData[i] = dataLimit[i] == 0;
    }
  }

  /** Whether one TLP with so many data credits may be sent. */
  boolean open(FlowClass flow, int dataCredits) {
    int i = flow.ordinal();
    return (infiniteHeaders[i] || headerLimit[i] - headersConsumed[i] > 0)
        && (dataCredits == 0
            || infiniteData[i]
            || dataLimit[i] - dataConsumed[i] - dataCredits >= 0);
  }

  /**
   * Whether it may be sent and leaves a quarter of what was granted first: for what can be done
   * without, so that it is in nobody's way.
   */
  boolean openAmply(FlowClass flow, int dataCredits) {
    int i = flow.ordinal();
    return (infiniteHeaders[i] || headerLimit[i] - headersConsumed[i] > headersGranted[i] / 4)
        && (infiniteData[i] || dataLimit[i] - dataConsumed[i] - dataCredits >= dataGranted[i] / 4);
  }

  void consume(FlowClass flow, int dataCredits) {
    int i = flow.ordinal();
    headersConsumed[i]++;
    dataConsumed[i] += dataCredits;
  }

  /**
   * Takes the receiver's word for the limits, which only grow; said twice is said once.
   *
   * @return false when it would take credits back, or grant more than any receiver may
   */
  boolean update(FlowClass flow, int headers, int data) {
    int i = flow.ordinal();
    boolean sane =
        (infiniteHeaders[i] || grows(headerLimit[i], headersConsumed[i], headers))
            && (infiniteData[i] || grows(dataLimit[i], dataConsumed[i], data));
    if (sane) {
      headerLimit[i] = infiniteHeaders[i] ? 0 : headers;
      dataLimit[i] = infiniteData[i] ? 0 : data;
    }
    return sane;
  }

  private static boolean grows(int limit, int consumed, int update) {
    return update - limit >= 0 && update - consumed <= Credits.MAX;
  }

  /** Header credits left, for people; {@link Integer#MAX_VALUE} when infinite. */
  int headersLeft(FlowClass flow) {
    int i = flow.ordinal();
    return infiniteHeaders[i] ? Integer.MAX_VALUE : headerLimit[i] - headersConsumed[i];
  }

  /** Data credits left, for people; {@link Integer#MAX_VALUE} when infinite. */
  int dataLeft(FlowClass flow) {
    int i = flow.ordinal();
    return infiniteData[i] ? Integer.MAX_VALUE : dataLimit[i] - dataConsumed[i];
  }
}
