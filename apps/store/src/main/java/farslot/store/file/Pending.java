package farslot.store.file;

import farslot.store.StoreException;
import farslot.store.engine.State;

/** A change that somebody waits for. */
final class Pending<T> {
  /** What is asked of the state. */
  interface Operation<T> {
    T stage(State state) throws StoreException;
  }

  private final Operation<T> operation;
  private T result;
  private StoreException failure;
  private RuntimeException mistake;
  private boolean done;

  Pending(Operation<T> operation) {
    this.operation = operation;
  }

  /** Stages it, and keeps what came of it. */
  void stage(State state) {
    result = null;
    failure = null;
    mistake = null;
    try {
      result = operation.stage(state);
    } catch (StoreException e) {
      failure = e;
    } catch (RuntimeException e) {
      mistake = e;
    }
  }

  boolean done() {
    return done;
  }

  void finish() {
    done = true;
  }

  void fail(StoreException e) {
    failure = e;
    done = true;
  }

  /** What came of it, once it is {@link #done}. */
  T answer() throws StoreException {
    assert done : "nobody has done it";
    if (failure != null) {
      throw failure;
    }
    if (mistake != null) {
      throw mistake;
    }
    return result;
  }
}
