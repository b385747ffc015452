package farslot.function.faults;

import farslot.pcie.TlpLimits;
import farslot.pcie.TlpView;
import java.util.Arrays;

/** Requests of one direction whose completions are struck, by tag. */
final class StruckRequests {
  private static final ActiveFault[] NONE = {};

  /** Had when the first is struck: every function has one of these, and few ever need it. */
  private ActiveFault[] byTag = NONE;

  private boolean[] begun;
  private int count;

  /**
   * A request goes by.
   *
   * @param fault what its completions suffer, or null
   */
  void request(int tag, ActiveFault fault) {
    if (byTag == NONE) {
      if (fault == null) {
        return;
      }
      byTag = new ActiveFault[TlpLimits.TAG_COUNT];
      begun = new boolean[TlpLimits.TAG_COUNT];
    }
    count += (fault == null ? 0 : 1) - (byTag[tag] == null ? 0 : 1);
    byTag[tag] = fault;
    begun[tag] = false;
  }

  /** Whether there are any. */
  boolean any() {
    return count > 0;
  }

  boolean concerns(TlpView completion) {
    return any() && byTag[completion.tag()] != null;
  }

  /** A completion goes by, and suffers what its request has brought upon it. */
  void completion(Passing passing) {
    if (!concerns(passing.tlp)) {
      return;
    }
    int tag = passing.tlp.tag();
    ActiveFault fault = byTag[tag];
    boolean first = !begun[tag];
    begun[tag] = true;
    if (isLast(passing.tlp)) {
      request(tag, null);
    }
    passing.strikeCompletion(fault.fault(), first);
  }

  private static boolean isLast(TlpView completion) {
    return completion.statusCode() != 0
        || completion.dataBytes() == 0
        || completion.completedBytes() >= completion.byteCount();
  }

  void clear() {
    Arrays.fill(byTag, null);
    count = 0;
  }
}
