package farslot.cards.nvme;

import farslot.cards.nvme.spec.Feature;
import farslot.cards.nvme.spec.Status;
import farslot.function.state.StateException;
import farslot.function.state.StateReader;
import farslot.function.state.StateWriter;

/**
 * Feature values (Base 5.27). None can be saved; a reset brings the defaults back. What one word
 * holds is here; what belongs to another part (vectors, thresholds) is kept there.
 */
final class Features {
  private static final int CONFIGURABLE_EVENTS = 0x1FF;

  /** AB in bits 2:0; 7 is no limit. The weights above are kept for who asks. */
  private static final int DEFAULT_ARBITRATION = NvmeLimits.ARBITRATION_BURST_LOG2;

  private static final int BURST_NO_LIMIT = 7;
  private static final int TEMPERATURE_SENSOR_ALL = 0xF;
  private static final int SUPPORTED_FEATURES = 0x0200_4FF6;
  private static final int ARBITRATION_DEFINED = ~0xF8;
  private static final int POWER_MANAGEMENT_DEFINED = 0xE0;
  private static final long TIMESTAMP_MASK = 0xFFFF_FFFF_FFFFL;

  private final Controller controller;
  private int arbitration;
  private int powerManagement;
  private boolean writeCache;
  private int coalescing;
  private int writeAtomicity;
  private int events;

  /** The Timestamp feature: milliseconds at {@link #timestampSetNs}, and where they came from. */
  private long timestampMs;

  private long timestampSetNs;
  private boolean timestampSet;

  Features(Controller controller) {
    this.controller = controller;
    arbitration = DEFAULT_ARBITRATION;
    writeCache = true;
    timestampSetNs = controller.port().nowNs();
  }

  void reset() {
    arbitration = DEFAULT_ARBITRATION;
    powerManagement = 0;
    writeCache = true;
    coalescing = 0;
    writeAtomicity = 0;
    events = 0;
    timestamp(0);
    timestampSet = false;
    for (Namespace namespace : controller.namespaces()) {
      namespace.errorRecovery = 0;
    }
    controller.health().resetThresholds();
  }

  void save(StateWriter state) {
    state.i32(arbitration).u8(powerManagement).flag(writeCache).u16(coalescing);
    state.u8(writeAtomicity).u16(events).i64(timestamp()).flag(timestampSet);
    state.u16(controller.health().overKelvin()).u16(controller.health().underKelvin());
    for (Namespace namespace : controller.namespaces()) {
      state.u16(namespace.errorRecovery);
    }
  }

  void restore(StateReader state) throws StateException {
    arbitration = state.i32() & ARBITRATION_DEFINED;
    powerManagement = state.u8() & POWER_MANAGEMENT_DEFINED;
    writeCache = state.flag();
    set(Feature.INTERRUPT_COALESCING, state.u16(), null);
    writeAtomicity = state.u8() & 1;
    int wanted = state.u16() & CONFIGURABLE_EVENTS;
    timestamp(state.i64() & TIMESTAMP_MASK);
    timestampSet = state.flag();
    // Only now: nobody is to hear again of what has been told.
    controller.health().overKelvin(state.u16());
    controller.health().underKelvin(state.u16());
    events = wanted;
    for (Namespace namespace : controller.namespaces()) {
      namespace.errorRecovery = state.u16();
    }
  }

  /** Entries that one submission queue may have fetched in a turn. */
  int burst() {
    int log2 = arbitration & 7;
    return log2 == BURST_NO_LIMIT ? Integer.MAX_VALUE : 1 << log2;
  }

  /** Whether completed writes may wait for Flush. */
  boolean writeCache() {
    return writeCache;
  }

  /** Events that the server asked for: SMART warnings in bits 7:0, notices above. */
  int eventsWanted() {
    return events;
  }

  /** Whether there is such a feature. */
  static boolean exists(int fid) {
    return fid < Integer.SIZE && (SUPPORTED_FEATURES & 1 << fid) != 0;
  }

  /** Whether it belongs to a namespace. */
  static boolean ofNamespace(int fid) {
    return fid == Feature.ERROR_RECOVERY;
  }

  /**
   * The value now.
   *
   * @param cdw11 of Get Features, for features that have several values
   * @return dword 0 of the completion, or a status as {@code -1 - status}
   */
  long current(int fid, int cdw11, Namespace namespace) {
    return switch (fid) {
      case Feature.ARBITRATION -> u32(arbitration);
      case Feature.POWER_MANAGEMENT -> powerManagement;
      case Feature.TEMPERATURE_THRESHOLD -> temperature(cdw11, false);
      case Feature.ERROR_RECOVERY -> namespace.errorRecovery;
      case Feature.VOLATILE_WRITE_CACHE -> writeCache ? 1 : 0;
      case Feature.NUMBER_OF_QUEUES -> queues();
      case Feature.INTERRUPT_COALESCING -> coalescing;
      case Feature.INTERRUPT_VECTOR_CONFIGURATION -> vector(cdw11, false);
      case Feature.WRITE_ATOMICITY -> writeAtomicity;
      case Feature.ASYNC_EVENT_CONFIGURATION -> events;
      default -> 0;
    };
  }

  /** The value after a reset; otherwise as {@link #current}. */
  long initial(int fid, int cdw11) {
    return switch (fid) {
      case Feature.ARBITRATION -> DEFAULT_ARBITRATION;
      case Feature.TEMPERATURE_THRESHOLD -> temperature(cdw11, true);
      case Feature.VOLATILE_WRITE_CACHE -> 1;
      case Feature.NUMBER_OF_QUEUES -> queues();
      case Feature.INTERRUPT_VECTOR_CONFIGURATION -> vector(cdw11, true);
      default -> 0;
    };
  }

  /** NCQA in bits 31:16, NSQA in 15:0, both 0's based (Base 5.27.1.5). */
  private long queues() {
    int last = controller.queues().ioMax() - 1;
    return u32(last << 16 | last);
  }

  private long temperature(int cdw11, boolean initial) {
    int sensor = cdw11 >> 16 & 0xF;
    int which = cdw11 >> 20 & 3;
    if (sensor != 0 || which > 1) {
      return failure(Status.INVALID_FIELD);
    }
    if (initial) {
      return which == 0 ? Health.WARNING_KELVIN : 0;
    }
    return which == 0 ? controller.health().overKelvin() : controller.health().underKelvin();
  }

  private long vector(int cdw11, boolean initial) {
    int vector = cdw11 & 0xFFFF;
    if (vector >= controller.vectors().count()) {
      return failure(Status.INVALID_FIELD);
    }
    boolean immediate = !initial && controller.vectors().immediate(vector);
    return vector | (immediate ? Feature.VECTOR_COALESCING_DISABLE : 0);
  }

  static long failure(int status) {
    return -1L - status;
  }

  private static long u32(int value) {
    return value & 0xFFFF_FFFFL;
  }

  /**
   * Sets a value.
   *
   * @return a status
   */
  int set(int fid, int value, Namespace namespace) {
    switch (fid) {
      case Feature.ARBITRATION -> arbitration = value & ARBITRATION_DEFINED;
      case Feature.POWER_MANAGEMENT -> {
        return setPowerManagement(value);
      }
      case Feature.TEMPERATURE_THRESHOLD -> {
        return setTemperature(value);
      }
      case Feature.ERROR_RECOVERY -> {
        return setErrorRecovery(value, namespace);
      }
      case Feature.VOLATILE_WRITE_CACHE -> writeCache = (value & 1) != 0;
      case Feature.INTERRUPT_COALESCING -> {
        coalescing = value & 0xFFFF;
        controller.vectors().coalesce(coalescing >> 8, coalescing & 0xFF);
      }
      case Feature.INTERRUPT_VECTOR_CONFIGURATION -> {
        return setVector(value);
      }
      case Feature.WRITE_ATOMICITY -> writeAtomicity = value & 1;
      case Feature.ASYNC_EVENT_CONFIGURATION -> events = value & CONFIGURABLE_EVENTS;
      case Feature.IO_COMMAND_SET_PROFILE -> {
        return (value & 0x1FF) == 0 ? Status.SUCCESS : Status.COMMAND_SET_COMBINATION_REJECTED;
      }
      default -> throw new IllegalStateException("feature " + fid);
    }
    return Status.SUCCESS;
  }

  /** There is one power state. */
  private int setPowerManagement(int value) {
    if ((value & 0x1F) != 0) {
      return Status.INVALID_FIELD;
    }
    powerManagement = value & POWER_MANAGEMENT_DEFINED;
    return Status.SUCCESS;
  }

  private int setTemperature(int value) {
    int sensor = value >> 16 & 0xF;
    int which = value >> 20 & 3;
    if (sensor != 0 && sensor != TEMPERATURE_SENSOR_ALL || which > 1) {
      return Status.INVALID_FIELD;
    }
    if (which == 0) {
      controller.health().overKelvin(value & 0xFFFF);
    } else {
      controller.health().underKelvin(value & 0xFFFF);
    }
    return Status.SUCCESS;
  }

  /** DULBE needs a namespace that can tell deallocated blocks; ours read as zeroes. */
  private int setErrorRecovery(int value, Namespace namespace) {
    if ((value & Feature.ERROR_RECOVERY_DULBE) != 0) {
      return Status.INVALID_FIELD;
    }
    for (Namespace each : controller.namespaces()) {
      if (namespace == null || namespace == each) {
        each.errorRecovery = value & 0xFFFF;
      }
    }
    return Status.SUCCESS;
  }

  private int setVector(int value) {
    int vector = value & 0xFFFF;
    if (vector >= controller.vectors().count()) {
      return Status.INVALID_FIELD;
    }
    boolean immediate = (value & Feature.VECTOR_COALESCING_DISABLE) != 0;
    controller.vectors().immediate(vector, immediate);
    return Status.SUCCESS;
  }

  /** Sets the clock: milliseconds since 1970, 48 bits. */
  void timestamp(long ms) {
    timestampMs = ms;
    timestampSetNs = controller.port().nowNs();
    timestampSet = true;
  }

  /** The Timestamp data structure (Base 5.27.1.9): time in 47:0, origin in 51:49. */
  long timestamp() {
    long elapsedMs = (controller.port().nowNs() - timestampSetNs) / 1_000_000;
    long origin = timestampSet ? 1 : 0;
    return timestampMs + elapsedMs & TIMESTAMP_MASK | origin << 49;
  }
}
