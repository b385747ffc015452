package farslot.function;

import java.util.Map;

/** A drive's serial number as its driver finds it: the configuration's, until another is given. */
public final class SerialIdentity {
  /** As long as NVMe's and virtio's drivers take one, bytes. */
  public static final int BYTES_MAX = 20;

  private final String configured;
  private String text;

  /**
   * @param configured at most {@link #BYTES_MAX} printable ASCII characters
   */
  public SerialIdentity(String configured) {
    this.configured = configured;
    text = configured;
  }

  /** The one that counts now. */
  public String text() {
    return text;
  }

  /** As {@link Upkeep#identity} has it. */
  public Map<String, String> facts() {
    return text.isEmpty() ? Map.of() : Map.of(Upkeep.SERIAL, text);
  }

  /** As {@link Upkeep#identify}. */
  public String identify(Map<String, String> wanted) {
    for (String key : wanted.keySet()) {
      if (!key.equals(Upkeep.SERIAL)) {
        return "a drive has no '" + key + "' that could be given to it, only a serial";
      }
    }
    String next = wanted.getOrDefault(Upkeep.SERIAL, configured);
    boolean printable = next.chars().allMatch(c -> c >= 0x20 && c < 0x7F);
    if (wanted.containsKey(Upkeep.SERIAL) && next.isBlank()
        || next.length() > BYTES_MAX
        || !printable) {
      return "'serial: " + next + "' should be 1 to " + BYTES_MAX + " printable ASCII characters";
    }
    text = next;
    return "";
  }

  @Override
  public String toString() {
    return text;
  }
}
