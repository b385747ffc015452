package farslot.fabric;

import static farslot.fabric.PciRegisters.*;

import farslot.pcie.config.CapabilityId;
import java.util.Arrays;

/**
 * What a function's configuration space said when the card was attached: identity, and where its
 * capabilities are. Another card must match it to take its place.
 */
final class FunctionFacts {
  private final int[] words;
  private final int pm;
  private final int msi;
  private final int pcie;
  private final int msix;
  private final BusMap bars;

  private FunctionFacts(int[] words, BusMap bars) {
    this.words = words;
    this.bars = bars;
    this.pm = find(CapabilityId.POWER_MANAGEMENT);
    this.msi = find(CapabilityId.MSI);
    this.pcie = find(CapabilityId.PCI_EXPRESS);
    this.msix = find(CapabilityId.MSIX);
  }

  /**
   * @param words all of it, 1024 DWs
   * @param bars as sized and placed
   */
  static FunctionFacts of(int[] words, BusMap bars) {
    int used = words.length;
    while (used > 0 && words[used - 1] == 0) {
      used--;
    }
    return new FunctionFacts(Arrays.copyOf(words, used), bars);
  }

  /** Beyond what was read there is nothing: a capability may claim to begin at the very end. */
  private int word(int offset) {
    return offset >> 2 < words.length ? words[offset >> 2] : 0;
  }

  /** Offset of a capability, 0 if the function has none such. */
  private int find(int id) {
    int at = first();
    for (int i = 0; i < CAPABILITY_COUNT_MAX && at >= HEADER_BYTES; i++) {
      if ((word(at) & 0xFF) == id) {
        return at;
      }
      at = word(at) >> 8 & 0xFC;
    }
    return 0;
  }

  private int first() {
    boolean listed = (word(COMMAND) & STATUS_CAPABILITIES) != 0;
    return listed ? word(CAPABILITIES_POINTER) & 0xFC : 0;
  }

  BusMap bars() {
    return bars;
  }

  /** The DW at an offset, as it was when the card was attached. */
  int wordAt(int offset) {
    return word(offset);
  }

  int classCode() {
    return word(CLASS_REVISION) >>> 8;
  }

  int interruptPin() {
    return word(INTERRUPT) >> 8 & 0xFF;
  }

  int pm() {
    return pm;
  }

  int msi() {
    return msi;
  }

  int pcie() {
    return pcie;
  }

  int msix() {
    return msix;
  }

  int msixVectors() {
    return msix == 0 ? 0 : (word(msix) >> MSIX_SIZE_SHIFT & MSIX_SIZE_MASK) + 1;
  }

  int msixTableBar() {
    return word(msix + MSIX_TABLE) & MSIX_BIR;
  }

  long msixTableOffset() {
    return word(msix + MSIX_TABLE) & ~MSIX_BIR & 0xFFFF_FFFFL;
  }

  int msiVectors() {
    return msi == 0 ? 0 : 1 << Math.min(5, word(msi) >> MSI_CAPABLE_SHIFT & 7);
  }

  boolean msi64() {
    return (word(msi) & MSI_64) != 0;
  }

  boolean msiMaskable() {
    return (word(msi) & MSI_MASKABLE) != 0;
  }

  boolean flr() {
    return pcie != 0 && (word(pcie + PCIE_DEVICE_CAPABILITIES) & DEVCAP_FLR) != 0;
  }

  /** Max_Payload_Size that the function supports, as the 3-bit code. */
  int mpsCode() {
    return pcie == 0 ? 0 : Math.min(5, word(pcie + PCIE_DEVICE_CAPABILITIES) & DEVCAP_MPS_MASK);
  }

  /** Max_Payload_Size to use on a link that carries this much, bytes. */
  int payloadBytes(int linkBytesMax) {
    return Math.min(128 << mpsCode(), linkBytesMax);
  }

  /**
   * Max_Payload_Size as large as card and link allow and Max_Read_Request_Size 4096, in their
   * places in Device Control.
   */
  int deviceControlSizes(int linkBytesMax) {
    int mps = Integer.numberOfTrailingZeros(payloadBytes(linkBytesMax)) - 7;
    return mps << DEVCTL_MPS_SHIFT | 5 << DEVCTL_MRRS_SHIFT;
  }

  /** Whether it completes requests with 10-bit tags. */
  boolean tag10Completer() {
    return pcie != 0 && (word(pcie + PCIE_DEVICE_CAPABILITIES_2) & DEVCAP2_TAG10_COMPLETER) != 0;
  }

  /** Whether it can be allowed to make requests with 10-bit tags. */
  boolean tag10() {
    return pcie != 0 && (word(pcie + PCIE_DEVICE_CAPABILITIES_2) & DEVCAP2_TAG10_REQUESTER) != 0;
  }

  /** The MSI-X table must lie inside a BAR that exists, or it cannot be programmed. */
  boolean plausible() {
    return msix == 0
        || msixTableBar() < BAR_COUNT
            && msixTableOffset() + (long) msixVectors() * MSIX_ENTRY_BYTES
                <= bars.size(msixTableBar());
  }

  /** Whether a card that was attached later is of the same make, so that a guest may go on. */
  boolean sameCard(FunctionFacts other) {
    return word(ID) == other.word(ID)
        && word(CLASS_REVISION) == other.word(CLASS_REVISION)
        && pm == other.pm
        && msi == other.msi
        && pcie == other.pcie
        && msix == other.msix
        && msixVectors() == other.msixVectors()
        && bars.sameShape(other.bars);
  }
}
