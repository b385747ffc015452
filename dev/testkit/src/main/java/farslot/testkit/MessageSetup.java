package farslot.testkit;

import farslot.pcie.config.CapabilityId;
import farslot.pcie.config.Msi;
import farslot.pcie.config.Msix;

/** MSI and MSI-X as software programs them: vector n has message n. */
final class MessageSetup {
  private final FakeRootComplex root;

  MessageSetup(FakeRootComplex root) {
    this.root = root;
  }

  private int msixAt() {
    return root.found().capability(CapabilityId.MSIX);
  }

  int enableMsix() {
    int at = msixAt();
    int vectors = (root.configRead(at + Msix.CONTROL, 2) & Msix.TABLE_SIZE_MASK) + 1;
    root.configChange(at + Msix.CONTROL, 2, 0, Msix.ENABLE | Msix.FUNCTION_MASK);
    for (int vector = 0; vector < vectors; vector++) {
      write(vector, Msix.ENTRY_ADDRESS, (int) InterruptLog.MESSAGE_ADDRESS);
      write(vector, Msix.ENTRY_ADDRESS_UPPER, 0);
      write(vector, Msix.ENTRY_DATA, InterruptLog.MESSAGE_DATA + vector);
      maskMsix(vector, false);
    }
    maskMsix(false);
    return vectors;
  }

  void maskMsix(boolean masked) {
    int bit = Msix.FUNCTION_MASK;
    root.configChange(msixAt() + Msix.CONTROL, 2, bit, masked ? bit : 0);
  }

  void maskMsix(int vector, boolean masked) {
    write(vector, Msix.ENTRY_VECTOR_CONTROL, masked ? 1 : 0);
  }

  boolean msixPending(int vector) {
    int pba = root.configRead(msixAt() + Msix.PBA, 4);
    long at = (pba & Msix.OFFSET_MASK) + vector / 64 * 8L;
    return (root.read(pba & Msix.BIR_MASK, at, 8) >>> vector % 64 & 1) != 0;
  }

  private void write(int vector, int field, int value) {
    int table = root.configRead(msixAt() + Msix.TABLE, 4);
    long at = (table & Msix.OFFSET_MASK) + (long) vector * Msix.ENTRY_BYTES + field;
    root.write(table & Msix.BIR_MASK, at, 4, value);
  }

  int enableMsi() {
    int at = root.found().capability(CapabilityId.MSI);
    int control = root.configRead(at + Msi.CONTROL, 2);
    int capable = control >> Msi.MULTIPLE_MESSAGE_CAPABLE_SHIFT & Msi.MULTIPLE_MESSAGE_MASK;
    return enableMsi(1 << capable);
  }

  int enableMsi(int vectors) {
    int at = root.found().capability(CapabilityId.MSI);
    root.configWrite(at + Msi.ADDRESS, 4, (int) InterruptLog.MESSAGE_ADDRESS);
    root.configWrite(at + Msi.ADDRESS_UPPER, 4, 0);
    root.configWrite(at + Msi.DATA_64, 2, InterruptLog.MESSAGE_DATA);
    root.configWrite(at + Msi.MASK_64, 4, 0);
    int granted = Integer.numberOfTrailingZeros(vectors) << Msi.MULTIPLE_MESSAGE_ENABLE_SHIFT;
    int all = Msi.MULTIPLE_MESSAGE_MASK << Msi.MULTIPLE_MESSAGE_ENABLE_SHIFT;
    root.configChange(at + Msi.CONTROL, 2, all, granted | Msi.ENABLE);
    return vectors;
  }
}
