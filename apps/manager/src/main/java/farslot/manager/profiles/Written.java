package farslot.manager.profiles;

import farslot.manager.model.Document;
import farslot.manager.model.DocumentException;
import farslot.manager.model.Documents;
import farslot.store.Bytes;
import java.util.Locale;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * One document as somebody wrote it.
 *
 * @param where how a person finds it, such as {@code web.yaml: document 2}
 * @param kind such as {@code Profile}
 * @param spec all but the kind
 */
public record Written(String where, String kind, ObjectNode spec) {
  private static final int VERSION = 1;

  /**
   * What it says.
   *
   * @throws DocumentException with everything that is wrong, and where
   */
  public Document document() throws DocumentException {
    ObjectNode all = JsonNodeFactory.instance.objectNode();
    all.put("kind", kind.toLowerCase(Locale.ROOT)).put("version", VERSION).set("spec", spec);
    return Documents.read(where, Bytes.utf8(all.toString()));
  }

  /** The same with another spec. */
  Written with(ObjectNode other) {
    return new Written(where, kind, other);
  }
}
