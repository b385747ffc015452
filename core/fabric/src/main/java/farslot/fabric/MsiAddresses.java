package farslot.fabric;

/**
 * Where a card is told to write its interrupt messages. The addresses are ours alone: they lie
 * where no server has memory, the server never sees them, and a write there is an interrupt
 * whatever the DMA windows say.
 */
final class MsiAddresses {
  /** MSI-X tables take 64-bit addresses. */
  static final long MSIX = 0xFFFF_FFF0_0000_0000L;

  /** MSI of functions that take 64-bit addresses. */
  static final long MSI_64 = MSIX + 0x800;

  /** MSI of the others: where x86 keeps its own, and so has no memory. */
  static final long MSI_32 = 0xFEE0_0000L;

  private static final long PAGE = 4096;

  private MsiAddresses() {}

  static boolean contains(long address) {
    long page = address & -PAGE;
    return page == MSIX || page == MSI_32;
  }

  /** The kind of interrupt that a message to this address is, or -1. */
  static int kind(long address) {
    if (address == MSIX) {
      return LocalFunction.IRQ_MSIX;
    }
    return address == MSI_64 || address == MSI_32 ? LocalFunction.IRQ_MSI : -1;
  }
}
