package farslot.link;

import farslot.pcie.FlowClass;

/**
 * The credits that a receiver grants when a stream begins, as InitFC1 does (PCI Express Base
 * Specification 2.6.1): headers are one per TLP, data one per 16 bytes begun; 0 means infinite.
 * What has been consumed is granted again while the stream runs.
 */
public record Credits(
    int postedHeaders,
    int postedData,
    int nonPostedHeaders,
    int nonPostedData,
    int completionHeaders,
    int completionData) {
  /** Bytes in a data credit. */
  public static final int DATA_BYTES = 16;

  /** Fewest headers of a class that has not infinitely many. */
  public static final int HEADERS_MIN = 8;

  /** Fewest data credits of a class that has not infinitely many: two of the largest payload. */
  public static final int DATA_MIN = 512;

  /** Most of either: the counters compare modulo 2^32. */
  public static final int MAX = 1 << 28;

  /**
   * What an end grants unless told otherwise: 1 MiB of posted data in 1024 TLPs, 1024 non-posted
   * requests, and completions without limit, which who asks has room for by definition.
   */
  public static final Credits DEFAULT = new Credits(1024, 65536, 1024, 2048, 0, 0);

  public Credits {
    requireHeaders(postedHeaders);
    requireHeaders(nonPostedHeaders);
    requireHeaders(completionHeaders);
    requireData(postedData);
    requireData(nonPostedData);
    requireData(completionData);
  }

  /** Whether a peer may grant this. */
  static boolean headersValid(int headers) {
    return headers == 0 || headers >= HEADERS_MIN && headers <= MAX;
  }

  /** Whether a peer may grant this. */
  static boolean dataValid(int data) {
    return data == 0 || data >= DATA_MIN && data <= MAX;
  }

  /** Header credits of a class, 0 for infinite. */
  public int headers(FlowClass flow) {
    return switch (flow) {
      case POSTED -> postedHeaders;
      case NON_POSTED -> nonPostedHeaders;
      case COMPLETION -> completionHeaders;
    };
  }

  /** Data credits of a class, 0 for infinite. */
  public int data(FlowClass flow) {
    return switch (flow) {
      case POSTED -> postedData;
      case NON_POSTED -> nonPostedData;
      case COMPLETION -> completionData;
    };
  }

  private static void requireHeaders(int headers) {
    if (!headersValid(headers)) {
      throw new IllegalArgumentException("header credits " + headers);
    }
  }

  private static void requireData(int data) {
    if (!dataValid(data)) {
      throw new IllegalArgumentException("data credits " + data);
    }
  }
}
