package farslot.cards.scratch;

/** The numbers of the scratch card; sections are those of {@code cards/scratch/README.md}. */
final class ScratchSpec {
  // Identity. No vendor has been given this ID; it stays inside virtual machines.
  static final int VENDOR_ID = 0xFA51;
  static final int DEVICE_ID = 0x5C4A;
  static final int REVISION_ID = 1;

  // BARs
  static final int REGISTERS_BAR = 0;
  static final int REGISTERS_BYTES = 16 << 10;
  static final int SRAM_BAR = 2;
  static final int SRAM_BYTES = 64 << 10;
  static final int IO_BAR = 4;
  static final int IO_BYTES = 32;

  // Interrupts
  static final int MSIX_VECTORS = 32;
  static final int MSIX_TABLE = 0x2000;
  static final int MSIX_PBA = 0x3000;
  static final int MSI_VECTORS = 16;
  static final int PIN_INTA = 1;

  // Registers: identity
  static final int ID = 0x00;
  static final int ID_VALUE = 0x48435253;
  static final int VERSION = 0x04;
  static final int VERSION_VALUE = 0x0001_0001;
  static final int SRAM_SIZE = 0x08;

  // Registers: scratch
  static final int SCRATCH = 0x10;
  static final int SCRATCH_HIGH = 0x14;
  static final int TICKET = 0x18;

  // Registers: DMA
  static final int DMA_ADDRESS = 0x20;
  static final int DMA_ADDRESS_HIGH = 0x24;
  static final int DMA_SRAM = 0x28;
  static final int DMA_LENGTH = 0x2C;
  static final int DMA_COMMAND = 0x30;
  static final int DMA_STATUS = 0x34;
  static final int DMA_DONE_COUNT = 0x38;

  static final int COMMAND_TO_CARD = 1;
  static final int COMMAND_TO_SERVER = 2;
  static final int COMMAND_LIST = 3;
  static final int COMMAND_FETCH_ADD = 4;
  static final int COMMAND_SWAP = 5;
  static final int COMMAND_CAS = 6;
  static final int COMMAND_OPERATION = 0xF;
  static final int COMMAND_SIGNAL = 1 << 8;
  static final int COMMAND_VECTOR_SHIFT = 16;

  static final int STATUS_IDLE = 0;
  static final int STATUS_BUSY = 1;
  static final int STATUS_DONE = 2;
  static final int STATUS_REFUSED = 3;
  static final int STATUS_UNSUPPORTED_REQUEST = 4;
  static final int STATUS_COMPLETER_ABORT = 5;

  // Scatter lists
  static final int LIST_ENTRY_BYTES = 16;
  static final int LIST_SRAM = 8;
  static final int LIST_LENGTH = 12;
  static final int LIST_TO_SERVER = 1 << 31;
  static final int LIST_BYTES_MAX = 256 * LIST_ENTRY_BYTES;

  // Registers: interrupts
  static final int IRQ_SIGNAL = 0x40;
  static final int IRQ_LEVEL = 0x44;
  static final int IRQ_VECTORS = 0x48;

  // Parts of its saved state
  static final String STATE = "scratch";
  static final String STATE_SRAM = "scratch.sram";
  static final int STATE_VERSION = 1;

  private ScratchSpec() {}
}
