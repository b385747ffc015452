package farslot.manager.access;

import farslot.api.ApiError;
import farslot.api.ApiException;
import farslot.api.Json;
import farslot.store.Action;
import farslot.store.Bytes;
import farslot.store.Compare;
import farslot.store.KeyRange;
import farslot.store.KeyValue;
import farslot.store.OutcomeUnknownException;
import farslot.store.RangeRequest;
import farslot.store.RangeResult;
import farslot.store.StateStore;
import farslot.store.StoreException;
import farslot.store.StoreLimitException;
import farslot.store.Transaction;
import farslot.store.TransactionResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One kind of record below one prefix of the store, as JSON; errors as the API has them. */
final class Records<T> {
  /** A record as it was read. */
  record Kept<T>(String id, T value, long modRevision) {}

  private final StateStore store;
  private final String prefix;
  private final Class<T> kind;

  /**
   * @param prefix such as {@code /access/tokens/}
   */
  Records(StateStore store, String prefix, Class<T> kind) {
    this.store = store;
    this.prefix = prefix;
    this.kind = kind;
  }

  String key(String id) {
    return prefix + id;
  }

  Optional<Kept<T>> get(String id) throws ApiException {
    try {
      Optional<KeyValue> item = store.get(key(id));
      return item.isEmpty() ? Optional.empty() : Optional.of(read(item.get()));
    } catch (StoreException e) {
      throw failed(e);
    }
  }

  /** All, in the order of their keys. */
  List<Kept<T>> all() throws ApiException {
    List<Kept<T>> all = new ArrayList<>();
    KeyRange rest = KeyRange.prefix(prefix);
    try {
      RangeResult result;
      do {
        result = store.range(RangeRequest.of(rest));
        for (KeyValue item : result.items()) {
          all.add(read(item));
        }
        if (result.more()) {
          rest = rest.after(result.items().getLast().key());
        }
      } while (result.more());
      return all;
    } catch (StoreException e) {
      throw failed(e);
    }
  }

  private Kept<T> read(KeyValue item) throws ApiException {
    try {
      T value = Json.readTolerantly(Json.parse(item.value().utf8()), kind);
      return new Kept<>(item.key().substring(prefix.length()), value, item.modRevision());
    } catch (ApiException e) {
      throw new ApiException(
          ApiError.FAILED,
          "the store's '" + item.key() + "' cannot be read",
          e.getMessage(),
          "restore the store from a backup");
    }
  }

  Action put(String id, T value) {
    return Action.put(key(id), Bytes.utf8(Json.text(Json.tree(value))));
  }

  Action delete(String id) {
    return Action.delete(key(id));
  }

  Compare unchanged(Kept<T> kept) {
    return Compare.unchanged(key(kept.id()), kept.modRevision());
  }

  /** Commits; errors as the API has them. */
  static TransactionResult commit(StateStore store, Transaction transaction) throws ApiException {
    try {
      return store.commit(transaction);
    } catch (StoreException e) {
      throw failed(e);
    }
  }

  static ApiException failed(StoreException e) {
    String message = String.valueOf(e.getMessage());
    return switch (e) {
      case OutcomeUnknownException unknown ->
          new ApiException(
              ApiError.UNAVAILABLE,
              "nobody can say whether this was recorded",
              message,
              "see how it is before you ask again");
      case StoreLimitException limit ->
          new ApiException(
              ApiError.UNAVAILABLE,
              "the manager's store is full",
              message,
              "delete what is not needed any more");
      default ->
          new ApiException(
              ApiError.UNAVAILABLE,
              "the manager's store does not take changes",
              message,
              "see the manager's log, and the room on its disk");
    };
  }
}
