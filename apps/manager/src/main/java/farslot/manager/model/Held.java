package farslot.manager.model;

import farslot.store.KeyValue;

/**
 * A document as it was read.
 *
 * @param modRevision with which it can be changed if nobody else did meanwhile
 */
public record Held<T extends Document>(T document, long modRevision) {
  /** Reads one. */
  public static <T extends Document> Held<T> of(KeyValue item, Class<T> kind)
      throws DocumentException {
    return new Held<>(Documents.read(item, kind), item.modRevision());
  }
}
