package farslot.cards.nvme;

import farslot.cards.nvme.spec.Event;
import farslot.cards.nvme.spec.LogPage;
import farslot.function.state.StateException;
import farslot.function.state.StateReader;
import farslot.function.state.StateWriter;
import farslot.pcie.LittleEndian;
import java.lang.foreign.MemorySegment;

/**
 * What SMART tells (Base 5.16.1.3), counted since the card was plugged. The temperature is a
 * constant: nothing here gets warm; the thresholds and their events are real.
 */
final class Health {
  static final int TEMPERATURE_KELVIN = 313;
  static final int WARNING_KELVIN = 343;
  static final int CRITICAL_KELVIN = 353;
  private static final int SPARE_THRESHOLD_PERCENT = 10;
  private static final long BYTES_PER_UNIT = 512L * 1000;
  private static final long NS_PER_MINUTE = 60_000_000_000L;

  /** Numbers that are saved. */
  private static final int COUNTS = 7;

  private final Controller controller;
  private long pluggedNs;
  private long bytesRead;
  private long bytesWritten;
  private long readCommands;
  private long writeCommands;
  private long mediaErrors;
  private long unsafeShutdowns;
  private long busyNs;
  private boolean outOfSpace;
  private int overKelvin;
  private int underKelvin;
  private int warning;

  Health(Controller controller, long nowNs) {
    this.controller = controller;
    pluggedNs = nowNs;
    resetThresholds();
  }

  void read(long bytes) {
    readCommands++;
    bytesRead += bytes;
  }

  void written(long bytes) {
    writeCommands++;
    bytesWritten += bytes;
    if (outOfSpace) {
      outOfSpace(false);
    }
  }

  /** Compare and Verify: a read command (NVM 4.1.4.2) whose data goes nowhere. */
  void compared(long bytes) {
    readCommands++;
    bytesRead += bytes;
  }

  /** Of reading and of writing, that have ended well. */
  long commands() {
    return readCommands + writeCommands;
  }

  void mediaError() {
    mediaErrors++;
  }

  void unsafeShutdown() {
    unsafeShutdowns++;
  }

  void busy(long ns) {
    busyNs += ns;
  }

  /** A thin image found no space behind it, or finds it again. */
  void outOfSpace(boolean now) {
    outOfSpace = now;
    update(Event.SMART_SPARE);
  }

  int overKelvin() {
    return overKelvin;
  }

  int underKelvin() {
    return underKelvin;
  }

  void overKelvin(int kelvin) {
    overKelvin = kelvin;
    update(Event.SMART_TEMPERATURE);
  }

  void underKelvin(int kelvin) {
    underKelvin = kelvin;
    update(Event.SMART_TEMPERATURE);
  }

  void resetThresholds() {
    overKelvin = WARNING_KELVIN;
    underKelvin = 0;
    update(Event.SMART_TEMPERATURE);
  }

  void save(StateWriter state) {
    state.i64(bytesRead).i64(bytesWritten).i64(readCommands).i64(writeCommands);
    state.i64(mediaErrors).i64(unsafeShutdowns).i64(busyNs).flag(outOfSpace).u8(warning);
    state.i64(controller.port().nowNs() - pluggedNs);
  }

  void restore(StateReader state) throws StateException {
    long[] counts = new long[COUNTS];
    for (int i = 0; i < COUNTS; i++) {
      counts[i] = state.i64("what was counted", 0, Long.MAX_VALUE);
    }
    boolean full = state.flag();
    int warned = state.u8();
    long pluggedForNs = state.i64("how long it was plugged", 0, Long.MAX_VALUE);
    bytesRead = counts[0];
    bytesWritten = counts[1];
    readCommands = counts[2];
    writeCommands = counts[3];
    mediaErrors = counts[4];
    unsafeShutdowns = counts[5];
    busyNs = counts[6];
    outOfSpace = full;
    warning = warned;
    pluggedNs = controller.port().nowNs() - pluggedForNs;
  }

  private void update(int information) {
    int now = outOfSpace ? LogPage.WARNING_SPARE : 0;
    if (TEMPERATURE_KELVIN >= overKelvin || TEMPERATURE_KELVIN <= underKelvin) {
      now |= LogPage.WARNING_TEMPERATURE;
    }
    int appeared = now & ~warning;
    warning = now;
    // "An asynchronous event is sent ... if the corresponding bit is set" in feature 0Bh.
    if ((appeared & controller.features().eventsWanted()) != 0) {
      controller.events().raise(Event.TYPE_SMART, information);
    }
  }

  /** The page: {@link LogPage#SMART_BYTES}, which are zero before. Counters are 128 bits wide. */
  void fill(MemorySegment page, long nowNs) {
    LittleEndian.u8(page, LogPage.SMART_CRITICAL_WARNING, warning);
    LittleEndian.u16(page, LogPage.SMART_TEMPERATURE, TEMPERATURE_KELVIN);
    LittleEndian.u8(page, LogPage.SMART_SPARE, outOfSpace ? 0 : 100);
    LittleEndian.u8(page, LogPage.SMART_SPARE_THRESHOLD, SPARE_THRESHOLD_PERCENT);
    LittleEndian.i64(page, LogPage.SMART_UNITS_READ, units(bytesRead));
    LittleEndian.i64(page, LogPage.SMART_UNITS_WRITTEN, units(bytesWritten));
    LittleEndian.i64(page, LogPage.SMART_READ_COMMANDS, readCommands);
    LittleEndian.i64(page, LogPage.SMART_WRITE_COMMANDS, writeCommands);
    LittleEndian.i64(page, LogPage.SMART_BUSY_MINUTES, busyNs / NS_PER_MINUTE);
    LittleEndian.i64(page, LogPage.SMART_POWER_CYCLES, 1);
    LittleEndian.i64(page, LogPage.SMART_POWER_ON_HOURS, (nowNs - pluggedNs) / NS_PER_MINUTE / 60);
    LittleEndian.i64(page, LogPage.SMART_UNSAFE_SHUTDOWNS, unsafeShutdowns);
    LittleEndian.i64(page, LogPage.SMART_MEDIA_ERRORS, mediaErrors);
    LittleEndian.i64(page, LogPage.SMART_ERROR_ENTRIES, controller.errorLog().count());
  }

  /** Thousands of 512 bytes, rounded up. */
  private static long units(long bytes) {
    return (bytes + BYTES_PER_UNIT - 1) / BYTES_PER_UNIT;
  }
}
