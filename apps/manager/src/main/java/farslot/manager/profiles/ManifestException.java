package farslot.manager.profiles;

import java.util.List;

/** A file that cannot be applied. The message has all that is wrong with it, a line each. */
public final class ManifestException extends Exception {
  private static final long serialVersionUID = 1;

  ManifestException(List<String> problems) {
    super(String.join("\n", problems));
  }
}
