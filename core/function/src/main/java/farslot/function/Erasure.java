package farslot.function;

import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Sanitising for cards that keep what servers have written in block stores: each store is
 * deallocated as a whole, which makes it read as zeroes, and flushed; one after the other. What no
 * server can write is left alone. On the slot's agent thread only.
 */
public final class Erasure {
  private static final int DEALLOCATE = 0;
  private static final int FLUSH = 1;

  private final Upkeep function;
  private final List<? extends BlockStore> stores;

  /** The one under way, or the last one; null before. */
  private Run run;

  /**
   * @param function whose identity is forgotten, too
   * @param stores all that it has, open until it is unplugged
   */
  public Erasure(Upkeep function, List<? extends BlockStore> stores) {
    this.function = function;
    this.stores = List.copyOf(stores);
  }

  /**
   * As {@link Upkeep#sanitise}.
   *
   * @param atRest runs something once none of the stores has anything under way: what the last
   *     server had asked for has to be over first, or it would land on the zeroes
   */
  public void sanitise(Upkeep.Sanitise how, Upkeep.Sanitised end, Consumer<Runnable> atRest) {
    function.identify(Map.of());
    if (how == Upkeep.Sanitise.IDENTITY) {
      end.done("");
    } else {
      abandon();
      atRest.accept(() -> begin(end));
    }
  }

  private void begin(Upkeep.Sanitised end) {
    run = new Run(stores.stream().filter(store -> !store.readOnly()).toList(), end);
    run.advance();
  }

  /** Ends what is under way where it is; nobody is told any more. */
  public void abandon() {
    if (run != null) {
      run.over = true;
    }
  }

  /** Once through all stores. */
  private static final class Run implements BlockStore.Done {
    private final List<? extends BlockStore> stores;
    private final Upkeep.Sanitised end;
    private int next;
    private boolean over;

    Run(List<? extends BlockStore> stores, Upkeep.Sanitised end) {
      this.stores = stores;
      this.end = end;
    }

    void advance() {
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
}
