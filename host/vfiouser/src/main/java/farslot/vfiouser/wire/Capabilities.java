package farslot.vfiouser.wire;

import farslot.vfiouser.wire.Json.MalformedException;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** What the JSON of a VERSION message says, read from a peer that may say anything. */
public final class Capabilities {
  private final Map<?, ?> members;

  private Capabilities(Map<?, ?> members) {
    this.members = members;
  }

  /** Those of a VERSION message, whose version has been found to be there; none without JSON. */
  public static Capabilities of(VfioUserMessage version) throws MalformedException {
    int bytes = version.payloadBytes() - Wire.VERSION_BYTES;
    if (bytes == 0) {
      return new Capabilities(Map.of());
    }
    if (version.u8(Wire.VERSION_BYTES + bytes - 1L) != 0) {
      throw new MalformedException("no zero at the end", bytes);
    }
    byte[] text = new byte[bytes - 1];
    long at = version.payloadAt() + Wire.VERSION_BYTES;
    for (int i = 0; i < text.length; i++) {
      text[i] = version.segment().get(ValueLayout.JAVA_BYTE, at + i);
    }
    Object all = Json.parse(new String(text, StandardCharsets.UTF_8));
    return new Capabilities(object(all)).part("capabilities");
  }

  /** An object of that name; an empty one when there is none. */
  public Capabilities part(String name) throws MalformedException {
    Object value = members.get(name);
    return new Capabilities(value == null ? Map.of() : object(value));
  }

  /** A number of that name that is not less; larger ones than an int has become its largest. */
  public int number(String name, int least, int otherwise) throws MalformedException {
    Object value = members.get(name);
    if (value == null) {
      return otherwise;
    }
    if (value instanceof Long number && number >= least) {
      return (int) Math.min(number, Integer.MAX_VALUE);
    }
    throw new MalformedException(name + " is " + value, 0);
  }

  /** Whether a boolean of that name is there, and true. */
  public boolean is(String name) {
    return Boolean.TRUE.equals(members.get(name));
  }

  private static Map<?, ?> object(Object value) throws MalformedException {
    if (value instanceof Map<?, ?> map) {
      return map;
    }
    throw new MalformedException("no object", 0);
  }
}
