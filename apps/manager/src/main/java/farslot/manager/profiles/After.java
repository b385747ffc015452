package farslot.manager.profiles;

import farslot.manager.model.Document;
import farslot.manager.model.Fabric;
import farslot.manager.model.IdentitiesDocument;
import farslot.manager.model.PoolDocument;
import farslot.manager.model.ProfileDocument;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** The documents that people write, as they are once a wish has come true. */
final class After {
  private final SortedMap<String, Document> documents = new TreeMap<>();
  private final List<String> put = new ArrayList<>();

  After(Fabric fabric, Wish wish) {
    fabric.all(ProfileDocument.class).forEach((key, held) -> documents.put(key, held.document()));
    fabric.all(PoolDocument.class).forEach((key, held) -> documents.put(key, held.document()));
    fabric
        .all(IdentitiesDocument.class)
        .forEach((key, held) -> documents.put(key, held.document()));
    wish.deleted().forEach(documents::remove);
    for (Document each : wish.documents()) {
      put(each);
      put.add(each.key());
    }
  }

  /** Puts a document in the place of an earlier one. */
  void put(Document document) {
    documents.put(document.key(), document);
  }

  /** The wished documents of a kind, as they are now, in the order in which they were wished. */
  <T extends Document> List<T> wished(Class<T> kind) {
    return put.stream().map(documents::get).filter(kind::isInstance).map(kind::cast).toList();
  }

  /** One document, if it is there. */
  Optional<Document> document(String key) {
    return Optional.ofNullable(documents.get(key));
  }

  /** All of a kind, by name. */
  private <T extends Document> SortedMap<String, T> all(Class<T> kind) {
    SortedMap<String, T> all = new TreeMap<>();
    documents.forEach(
        (key, document) -> {
          if (kind.isInstance(document)) {
            all.put(key.substring(key.lastIndexOf('/') + 1), kind.cast(document));
          }
        });
    return all;
  }

  SortedMap<String, ProfileDocument> profiles() {
    return all(ProfileDocument.class);
  }

  SortedMap<String, PoolDocument> pools() {
    return all(PoolDocument.class);
  }

  SortedMap<String, IdentitiesDocument> identities() {
    return all(IdentitiesDocument.class);
  }
}
