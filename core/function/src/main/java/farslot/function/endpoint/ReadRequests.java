package farslot.function.endpoint;

import farslot.pcie.TlpLimits;
import java.util.Arrays;

/**
 * MRd in flight, by tag and by age. A request that nobody waits for any more keeps its tag until
 * its completion comes, or long enough that none will: a late completion must never be taken for
 * the answer to another request.
 */
final class ReadRequests {
  /** Grows to the highest tag used. */
  private ReadRequest[] byTag = {};

  private final TagPool tags = new TagPool();
  private final int inFlightMax;
  private ReadRequest oldest;
  private ReadRequest youngest;

  ReadRequests(int inFlightMax) {
    this.inFlightMax = inFlightMax;
  }

  void tagRange(int first, int count) {
    tags.range(first, count);
  }

  boolean canBegin() {
    return !tags.isEmpty() && tags.takenCount() < inFlightMax;
  }

  boolean isEmpty() {
    return tags.takenCount() == 0;
  }

  /** A request with a tag of its own; the caller fills it in. */
  ReadRequest begin(long deadlineNs) {
    int tag = tags.take();
    if (tag >= byTag.length) {
      byTag = Arrays.copyOf(byTag, Math.min(TlpLimits.TAG_COUNT, Math.max(tag + 1, 2 * tag)));
    }
    ReadRequest request = byTag[tag];
    if (request == null) {
      request = new ReadRequest(tag);
      byTag[tag] = request;
    }
    request.received = 0;
    append(request, deadlineNs);
    return request;
  }

  /** The request in flight with this tag, or null. */
  ReadRequest find(int tag) {
    return tags.isTaken(tag) ? byTag[tag] : null;
  }

  /** The one that has waited longest, or null. */
  ReadRequest oldest() {
    return oldest;
  }

  void end(ReadRequest request) {
    unlink(request);
    request.transfer = null;
    tags.give(request.tag);
  }

  /** Nobody waits any more, but the tag stays in use until a completion or the new deadline. */
  void abandon(ReadRequest request, long deadlineNs) {
    request.transfer = null;
    unlink(request);
    append(request, deadlineNs);
  }

  /** A deadline for all in flight. */
  void deadline(long deadlineNs) {
    for (ReadRequest each = oldest; each != null; each = each.younger) {
      each.deadlineNs = deadlineNs;
    }
  }

  private void append(ReadRequest request, long deadlineNs) {
    request.deadlineNs = deadlineNs;
    request.older = youngest;
    request.younger = null;
    if (youngest == null) {
      oldest = request;
    } else {
      youngest.younger = request;
    }
    youngest = request;
  }

  private void unlink(ReadRequest request) {
    if (request.older == null) {
      oldest = request.younger;
    } else {
      request.older.younger = request.younger;
    }
    if (request.younger == null) {
      youngest = request.older;
    } else {
      request.younger.older = request.older;
    }
  }
}
