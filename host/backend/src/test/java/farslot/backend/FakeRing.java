package farslot.backend;

import farslot.backend.Request.Operation;
import farslot.linux.Errno;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * A kernel as unpleasant as one may be: takes some of what is offered, does it in any order, some
 * of it in parts, asks to try again, and fails what it is told to fail.
 */
final class FakeRing implements Ring {
  private static final int ENDS_MAX = 8;
  private static final int ROOM = 4;

  private record Taken(Request request, Operation operation, int tag) {}

  private final Random random;
  private final List<Taken> prepared = new ArrayList<>();
  private final List<Taken> underWay = new ArrayList<>();
  private int tag;
  private int result;

  /** Errors to come, for whichever operations of this kind are next. */
  Operation failing;

  int failure;

  /** Nothing of this store ends, while it is here. */
  FileStore hanging;

  /** How many syncs have been asked for. */
  int syncs;

  boolean closed;

  FakeRing(Random random) {
    this.random = random;
  }

  @Override
  public int fd() {
    return -1;
  }

  @Override
  public int endsMax() {
    return ENDS_MAX;
  }

  @Override
  public boolean hasRoom() {
    return prepared.size() < ROOM;
  }

  @Override
  public void prepare(Request request, int as) {
    if (prepared.size() + underWay.size() >= ENDS_MAX) {
      throw new AssertionError("more under way than there is room for ends");
    }
    if (underWay.stream().anyMatch(t -> t.tag() == as)) {
      throw new AssertionError("tag " + as + " is under way");
    }
    if (request.operation == Operation.SYNC) {
      syncs++;
      if (underWay.stream().anyMatch(t -> isSyncOf(t, request.store))) {
        throw new AssertionError("two syncs of one file at once");
      }
    }
    prepared.add(new Taken(request, request.operation, as));
  }

  private static boolean isSyncOf(Taken taken, FileStore store) {
    return taken.operation() == Operation.SYNC && taken.request().store == store;
  }

  @Override
  public int submit() {
    int taking = random.nextInt(4) == 0 ? random.nextInt(prepared.size() + 1) : prepared.size();
    for (int i = 0; i < taking; i++) {
      underWay.add(prepared.removeFirst());
    }
    return prepared.size();
  }

  @Override
  public void await() {
    if (underWay.isEmpty()) {
      throw new AssertionError("would wait for ever");
    }
    while (!tryNext()) {
      // Now it is impatient.
    }
    waited = true;
  }

  private boolean waited;

  @Override
  public boolean next() {
    if (waited) {
      waited = false;
      return true;
    }
    return random.nextInt(3) != 0 && tryNext();
  }

  private boolean tryNext() {
    List<Taken> able =
        underWay.stream().filter(t -> hanging == null || t.request().store != hanging).toList();
    if (able.isEmpty()) {
      return false;
    }
    Taken ended = able.get(random.nextInt(able.size()));
    underWay.remove(ended);
    tag = ended.tag();
    result = (int) outcome(ended.request());
    return true;
  }

  private long outcome(Request request) {
    if (request.operation == failing) {
      return -failure;
    }
    int kind = random.nextInt(16);
    if (kind < 2) {
      return kind == 0 ? -Errno.EAGAIN : -Errno.EINTR;
    }
    boolean transfers =
        request.operation == Operation.READ
            || request.operation == Operation.WRITE
            || request.operation == Operation.WRITE_ZEROES;
    if (!transfers || kind > 6) {
      return request.store.perform(request);
    }
    long all = request.bytes;
    request.bytes = 1 + random.nextInt((int) all);
    long n = request.store.perform(request);
    request.bytes = all;
    return n;
  }

  @Override
  public int tag() {
    return tag;
  }

  @Override
  public int result() {
    return result;
  }

  int underWay() {
    return underWay.size() + prepared.size();
  }

  @Override
  public void close() {
    closed = true;
  }
}
