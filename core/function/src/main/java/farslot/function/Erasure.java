package farslot.function;

import java.util.List;

/**
 * Destroys what servers have written to block stores: each is deallocated as a whole, which makes
 * it read as zeroes, and flushed; one after the other. What no server can write is left alone.
 */
public final class Erasure implements BlockStore.Done {
  private static final int DEALLOCATE = 0;
  private static final int FLUSH = 1;

  private final List<? extends BlockStore> stores;
  private final Upkeep.Sanitised end;
  private int next;
  private boolean over;

  private Erasure(List<? extends BlockStore> stores, Upkeep.Sanitised end) {
    this.stores = stores;
    this.end = end;
  }

  /**
   * Begins.
   *
   * @param stores open, and with nothing under way
   * @param end told when all of it is on stable media, or when one store fails
   */
  public static Erasure begin(List<? extends BlockStore> stores, Upkeep.Sanitised end) {
    List<? extends BlockStore> writable =
        stores.stream().filter(store -> !store.readOnly()).toList();
    Erasure erasure = new Erasure(writable, end);
    erasure.advance();
    return erasure;
  }

  /** Ends it where it is; nobody is told any more. */
  public void abandon() {
    over = true;
  }

  private void advance() {
    if (next == stores.size()) {
      end.done("");
    } else {
      BlockStore store = stores.get(next);
      store.deallocate(0, store.sizeBytes(), this, DEALLOCATE);
    }
  }

  @Override
  public void done(long step, BlockStore.Status status) {
    if (over) {
      return;
    }
    if (status != BlockStore.Status.OK) {
      end.done(
          "its medium failed (%s) at store %d of %d, which may be erased in part"
              .formatted(status, next + 1, stores.size()));
    } else if (step == DEALLOCATE) {
      stores.get(next).flush(this, FLUSH);
    } else {
      next++;
      advance();
    }
  }
}
