package farslot.backend;

import farslot.backend.Request.Kind;
import farslot.backend.Request.Operation;
import farslot.function.BlockStore.Status;
import farslot.linux.DiskFile;
import farslot.linux.Errno;

/**
 * What the requests of one file need of the kernel, operation by operation: what a short transfer
 * goes on with, what is tried instead of what this filesystem does not know, and what an error
 * means. Durability: flush is fdatasync, FUA is RWF_DSYNC, or a write and an fdatasync behind it.
 *
 * <p>A failed fdatasync is remembered: the kernel reports lost pages once and then forgets them, so
 * a later success would promise what is no longer there. From then on every flush fails. For the
 * same reason one sync runs at a time (a second one might not hear of what the first one was told);
 * requests that come meanwhile share the next.
 *
 * <p>From any thread.
 */
final class FileSteps {
  /** What is written at most to make zeroes where no filesystem helps. */
  static final int ZEROES_BYTES = 1 << 20;

  /** How often the kernel may ask to try again before that is an error. */
  static final int TRIES_MAX = 1000;

  /** Who is told that a request has ended, its status set. */
  interface Ends {
    void end(Request request);
  }

  /** Several durable writes at once are made so by one fdatasync. */
  private final boolean sharesSyncs;

  private final Crowd crowd = new Crowd();
  private volatile boolean durableWrites = true;
  private volatile boolean zeroRange = true;
  private volatile boolean punchHole = true;
  private volatile Status lost = Status.OK;

  /** A request's sync is under way; on this object's monitor, as the list of those that wait. */
  private boolean syncing;

  private Request waiting;

  /**
   * Of one file.
   *
   * @param sharesSyncs whether durable writes that come together share an fdatasync: where the
   *     kernel writes to one file one after the other, as through the page cache
   */
  FileSteps(boolean sharesSyncs) {
    this.sharesSyncs = sharesSyncs;
  }

  /**
   * Finds a request's first operation.
   *
   * @param note a flush has a note to write besides
   * @return the request to carry out now, or null when it waits for another one or has ended
   */
  Request begin(Request request, boolean note, Ends ends) {
    request.tries = 0;
    request.flags = 0;
    switch (request.kind) {
      case READ -> request.operation = Operation.READ;
      case WRITE -> {
        request.operation = Operation.WRITE;
        if (request.durable && (crowd.enter() || !sharesSyncs) && durableWrites) {
          request.flags = DiskFile.DSYNC;
        }
      }
      case FLUSH -> {
        return sync(request, note ? Operation.NOTE : Operation.SYNC, ends);
      }
      case DEALLOCATE -> request.operation = hole();
      case WRITE_ZEROES -> request.operation = zeroRange ? Operation.ZERO_RANGE : hole();
    }
    return request;
  }

  /**
   * An operation has ended.
   *
   * @param result bytes, 0, or a negative errno
   * @return the request to carry out now, this or another; null when there is none
   */
  Request ended(Request request, long result, Ends ends) {
    if ((result == -Errno.EINTR || result == -Errno.EAGAIN) && ++request.tries < TRIES_MAX) {
      return request;
    }
    return switch (request.operation) {
      case READ -> read(request, result, ends);
      case WRITE -> write(request, result, ends);
      case WRITE_ZEROES -> zeroes(request, result, ends);
      case ZERO_RANGE, PUNCH_HOLE -> allocated(request, result, ends);
      case SYNC, NOTE -> synced(request, result, ends);
    };
  }

  private Request read(Request request, long n, Ends ends) {
    if (n <= 0) {
      // 0 is the end of a file that was long enough when it was opened: somebody has cut it.
      // Zeroes would be a lie about data that was there.
      return end(request, Status.READ_ERROR, ends);
    }
    return advance(request, n) ? end(request, Status.OK, ends) : request;
  }

  private Request write(Request request, long n, Ends ends) {
    if (n == -Errno.EOPNOTSUPP && request.flags != 0) {
      durableWrites = false;
      request.flags = 0;
      return request;
    }
    if (n <= 0) {
      Status status = failure(n);
      if (request.flags != 0 && status == Status.WRITE_ERROR) {
        lost = status; // it may have been told of what another write has lost
      }
      return end(request, status, ends);
    }
    if (!advance(request, n)) {
      return request;
    }
    if (request.durable && request.flags == 0) {
      return sync(request, Operation.SYNC, ends);
    }
    // Durable after a flush that failed: it is so itself, but what it follows may be lost.
    return end(request, request.durable ? lost : Status.OK, ends);
  }

  private Request zeroes(Request request, long n, Ends ends) {
    if (n <= 0) {
      return end(request, failure(n), ends);
    }
    return advance(request, n) ? zeroed(request, ends) : request;
  }

  private Request allocated(Request request, long result, Ends ends) {
    if (result == 0) {
      return zeroed(request, ends);
    }
    if (result != -Errno.EOPNOTSUPP) {
      return end(request, failure(result), ends);
    }
    if (request.operation == Operation.ZERO_RANGE) {
      zeroRange = false;
    } else {
      punchHole = false;
    }
    request.operation = hole();
    return request;
  }

  private Operation hole() {
    return punchHole ? Operation.PUNCH_HOLE : Operation.WRITE_ZEROES;
  }

  private Request zeroed(Request request, Ends ends) {
    boolean sync = request.kind == Kind.WRITE_ZEROES && request.durable;
    return sync ? sync(request, Operation.SYNC, ends) : end(request, Status.OK, ends);
  }

  private Request sync(Request request, Operation how, Ends ends) {
    if (lost != Status.OK) {
      return end(request, lost, ends);
    }
    request.operation = how;
    synchronized (this) {
      if (syncing) {
        request.next = waiting;
        waiting = request;
        return null;
      }
      syncing = true;
      request.followers = null;
      return request;
    }
  }

  private Request synced(Request request, long result, Ends ends) {
    if (result < 0 && lost == Status.OK) {
      lost = failure(result);
    }
    Request served = request.followers;
    request.followers = null;
    Request next = lead();
    end(request, lost, ends);
    endAll(served, lost, ends);
    if (next != null && lost != Status.OK) {
      // What they are told is known already.
      return synced(next, 0, ends);
    }
    return next;
  }

  /**
   * Those that wait become one: the first of them, a note if there is one, followed by the rest.
   */
  private synchronized Request lead() {
    Request leader = waiting;
    syncing = leader != null;
    waiting = null;
    if (leader == null) {
      return null;
    }
    leader.followers = leader.next;
    leader.next = null;
    for (Request each = leader.followers; each != null; each = each.next) {
      if (each.operation == Operation.NOTE) {
        leader.operation = Operation.NOTE;
      }
    }
    return leader;
  }

  private void endAll(Request first, Status status, Ends ends) {
    for (Request each = first; each != null; ) {
      Request next = each.next;
      end(each, status, ends);
      each = next;
    }
  }

  private Request end(Request request, Status status, Ends ends) {
    if (request.kind == Kind.WRITE && request.durable) {
      crowd.leave();
    }
    request.status = status;
    ends.end(request);
    return null;
  }

  /** Moves on by what was transferred; whether that was all. */
  static boolean advance(Request request, long n) {
    if (n > 0) {
      request.position += n;
      request.offset += n;
      request.bytes -= n;
    }
    return request.bytes == 0;
  }

  private static Status failure(long result) {
    return switch ((int) -result) {
      case Errno.ENOSPC, Errno.EDQUOT, Errno.EFBIG -> Status.NO_SPACE;
      case Errno.EROFS, Errno.EPERM, Errno.EBADF -> Status.READ_ONLY;
      default -> Status.WRITE_ERROR;
    };
  }
}
