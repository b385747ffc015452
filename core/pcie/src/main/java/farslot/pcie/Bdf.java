package farslot.pcie;

/**
 * Bus, device and function: the 16-bit ID that routes and identifies (2.2.4.2).
 *
 * @param bus 0 to 255
 * @param device 0 to 31
 * @param function 0 to 7
 */
public record Bdf(int bus, int device, int function) {
  public Bdf {
    if ((bus & ~0xFF) != 0 || (device & ~0x1F) != 0 || (function & ~7) != 0) {
      throw new IllegalArgumentException("no such BDF: " + bus + ":" + device + "." + function);
    }
  }

  /** The BDF with this 16-bit ID. */
  public static Bdf of(int id) {
    return new Bdf(id >> 8 & 0xFF, id >> 3 & 0x1F, id & 7);
  }

  /** The 16-bit ID: bus in bits 15:8, device in 7:3, function in 2:0. */
  public int id() {
    return bus << 8 | device << 3 | function;
  }

  /** As lspci writes it: {@code 01:00.0}. */
  @Override
  public String toString() {
    return String.format("%02x:%02x.%x", bus, device, function);
  }
}
