package farslot.manager.profiles;

import farslot.manager.model.Document;
import java.util.List;
import java.util.Set;

/**
 * What somebody wants changed, all of it or nothing.
 *
 * @param documents as they shall be
 * @param deleted keys of documents that shall be no more
 * @param released profiles whose functions shall be free again while they are applied nowhere
 * @param forced whether servers that have to let go are not asked
 */
public record Wish(
    List<Document> documents, Set<String> deleted, Set<String> released, boolean forced) {
  public Wish {
    documents = List.copyOf(documents);
    deleted = Set.copyOf(deleted);
    released = Set.copyOf(released);
  }

  /** That these are so. */
  public static Wish of(List<Document> documents) {
    return new Wish(documents, Set.of(), Set.of(), false);
  }

  /** That this is no more. */
  public static Wish without(String key) {
    return new Wish(List.of(), Set.of(key), Set.of(), false);
  }

  /** The same, without asking anybody or not. */
  public Wish forced(boolean how) {
    return new Wish(documents, deleted, released, how);
  }
}
