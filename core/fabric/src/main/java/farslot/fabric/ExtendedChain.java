package farslot.fabric;

import static farslot.fabric.PciRegisters.CONFIG_BYTES;
import static farslot.fabric.PciRegisters.LEGACY_BYTES;

/** How far the extended capabilities of a card reach (7.6.1), as far as one can see. */
final class ExtendedChain {
  /** A header does not say how long its capability is; what matters of any is in so much. */
  private static final int CAPABILITY_BYTES = 0x100;

  private static final int NEXT_SHIFT = 20;
  private static final int NEXT_MASK = 0xFFC;

  private ExtendedChain() {}

  /**
   * Where what should be read ends.
   *
   * @param words configuration space, of which {@code knownBytes} have been read
   */
  static int end(int[] words, int knownBytes) {
    int end = LEGACY_BYTES;
    int at = LEGACY_BYTES;
    // A chain that goes round in circles has no more links than there are words.
    for (int i = 0; i < words.length && at >= LEGACY_BYTES; i++) {
      end = Math.max(end, at + CAPABILITY_BYTES);
      if (at >= knownBytes || words[at >> 2] == -1) {
        break;
      }
      at = words[at >> 2] >>> NEXT_SHIFT & NEXT_MASK;
    }
    return Math.min(end, CONFIG_BYTES);
  }
}
