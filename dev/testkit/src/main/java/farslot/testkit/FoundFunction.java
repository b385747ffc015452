package farslot.testkit;

import farslot.function.FunctionSpec.BarKind;
import java.util.Map;

/**
 * What enumeration has found out about a function, from its configuration space alone.
 *
 * @param bars by index, with the address that was assigned
 * @param capabilities offset by Capability ID
 * @param extendedCapabilities offset by Extended Capability ID
 */
public record FoundFunction(
    int vendorId,
    int deviceId,
    int classCode,
    Map<Integer, FoundBar> bars,
    Map<Integer, Integer> capabilities,
    Map<Integer, Integer> extendedCapabilities) {
  /**
   * A BAR that was sized and assigned.
   *
   * @param sizeBytes as the write of all-ones showed it
   */
  public record FoundBar(int index, BarKind kind, long sizeBytes, long address) {}

  /** Offset of a capability that must be there. */
  public int capability(int id) {
    return offset(capabilities, id, "capability");
  }

  /** Offset of an extended capability that must be there. */
  public int extendedCapability(int id) {
    return offset(extendedCapabilities, id, "extended capability");
  }

  private static int offset(Map<Integer, Integer> offsets, int id, String kind) {
    if (!offsets.containsKey(id)) {
      throw new AssertionError("no " + kind + " " + Integer.toHexString(id));
    }
    return offsets.get(id);
  }
}
