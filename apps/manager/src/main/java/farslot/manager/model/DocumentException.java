package farslot.manager.model;

import java.util.List;

/** Bytes that are no document that can be used. The message has all that is wrong, a line each. */
public final class DocumentException extends Exception {
  private static final long serialVersionUID = 1;

  DocumentException(String where, List<String> problems) {
    super(where + ": " + String.join("\n" + where + ": ", problems));
  }

  DocumentException(String where, String problem) {
    this(where, List.of(problem));
  }
}
