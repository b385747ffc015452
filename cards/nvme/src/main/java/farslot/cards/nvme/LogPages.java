package farslot.cards.nvme;

import farslot.cards.nvme.spec.LogPage;
import farslot.cards.nvme.spec.Opcode;
import farslot.pcie.LittleEndian;
import java.lang.foreign.MemorySegment;

/** The log pages that there are (Base 5.16.1), each into zeroes. */
final class LogPages {
  /** The longest, bytes. */
  static final int BYTES_MAX = 4096;

  private static final int[] PAGES = {
    LogPage.SUPPORTED_PAGES,
    LogPage.ERROR_INFORMATION,
    LogPage.SMART,
    LogPage.FIRMWARE_SLOT,
    LogPage.CHANGED_NAMESPACES,
    LogPage.COMMANDS_SUPPORTED,
    LogPage.FEATURES_SUPPORTED,
    LogPage.MI_COMMANDS_SUPPORTED
  };

  private final Controller controller;
  private final AdminCommands admin;

  LogPages(Controller controller, AdminCommands admin) {
    this.controller = controller;
    this.admin = admin;
  }

  /** Length in bytes; 0 when there is no such page. */
  int length(int lid) {
    return switch (lid) {
      case LogPage.SUPPORTED_PAGES, LogPage.FEATURES_SUPPORTED -> LogPage.DIRECTORY_BYTES;
      case LogPage.ERROR_INFORMATION -> ErrorLog.BYTES;
      case LogPage.SMART -> LogPage.SMART_BYTES;
      case LogPage.FIRMWARE_SLOT -> LogPage.FIRMWARE_BYTES;
      case LogPage.CHANGED_NAMESPACES -> LogPage.CHANGED_BYTES;
      case LogPage.COMMANDS_SUPPORTED -> LogPage.COMMANDS_BYTES;
      case LogPage.MI_COMMANDS_SUPPORTED -> LogPage.COMMANDS_BYTES;
      default -> 0;
    };
  }

  void fill(int lid, MemorySegment page) {
    switch (lid) {
      case LogPage.SUPPORTED_PAGES -> supportedPages(page);
      case LogPage.ERROR_INFORMATION -> controller.errorLog().fill(page);
      case LogPage.SMART -> controller.health().fill(page, controller.port().nowNs());
      case LogPage.FIRMWARE_SLOT -> firmware(page);
      case LogPage.CHANGED_NAMESPACES -> controller.changed().fill(page);
      case LogPage.COMMANDS_SUPPORTED -> commands(page);
      case LogPage.FEATURES_SUPPORTED -> features(page);
      default -> {
        // NVMe-MI commands: none.
      }
    }
  }

  private static void supportedPages(MemorySegment page) {
    for (int lid : PAGES) {
      LittleEndian.i32(page, lid * 4L, LogPage.PAGE_SUPPORTED);
    }
  }

  private void firmware(MemorySegment page) {
    LittleEndian.u8(page, LogPage.FIRMWARE_AFI, 1); // slot 1 is active
    Text.put(page, LogPage.FIRMWARE_FRS1, controller.config().firmware(), 8, ' ');
  }

  private void commands(MemorySegment page) {
    for (int opcode = 0; opcode < 256; opcode++) {
      if (admin.supports(opcode)) {
        LittleEndian.i32(page, opcode * 4L, adminEffects(opcode));
      }
      if (IoCommands.supports(opcode)) {
        LittleEndian.i32(page, LogPage.COMMANDS_IO + opcode * 4L, ioEffects(opcode));
      }
    }
  }

  private static int adminEffects(int opcode) {
    int effects = LogPage.EFFECT_SUPPORTED | LogPage.EFFECT_SCOPE_CONTROLLER;
    return opcode == Opcode.FORMAT_NVM
        ? effects
            | LogPage.EFFECT_CONTENT_CHANGE
            | LogPage.EFFECT_NAMESPACE_CAPABILITY
            | LogPage.EFFECT_ONE_AT_A_TIME_NAMESPACE
            | LogPage.EFFECT_SCOPE_NAMESPACE
        : effects;
  }

  private static int ioEffects(int opcode) {
    int effects = LogPage.EFFECT_SUPPORTED | LogPage.EFFECT_SCOPE_NAMESPACE;
    return switch (opcode) {
      case Opcode.WRITE, Opcode.WRITE_ZEROES, Opcode.DATASET_MANAGEMENT ->
          effects | LogPage.EFFECT_CONTENT_CHANGE;
      default -> effects;
    };
  }

  private static void features(MemorySegment page) {
    for (int fid = 0; fid < 256; fid++) {
      if (Features.exists(fid)) {
        int scope =
            Features.ofNamespace(fid)
                ? LogPage.EFFECT_SCOPE_NAMESPACE
                : LogPage.EFFECT_SCOPE_CONTROLLER;
        LittleEndian.i32(page, fid * 4L, LogPage.EFFECT_SUPPORTED | scope);
      }
    }
  }
}
