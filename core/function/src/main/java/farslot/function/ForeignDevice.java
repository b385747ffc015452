package farslot.function;

import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * A PCI device that another process is (vfio-user): its regions, its interrupts, and what it wants
 * of the server's memory. It comes and goes as that process does. All of it on the slot's agent
 * thread, and nothing waits.
 *
 * <p>What is asked of a device is carried out in the order of the calls. What is asked while it is
 * absent is dropped, and so is what has not been answered when it goes: no {@code done} comes.
 */
public interface ForeignDevice {
  /** Regions, as VFIO numbers them: 0 to 5 the BARs, then ROM and configuration space. */
  int REGION_CONFIG = 7;

  int REGION_COUNT = 9;

  /** Kinds of interrupt, as VFIO numbers them. */
  int IRQ_INTX = 0;

  int IRQ_MSI = 1;
  int IRQ_MSIX = 2;
  int IRQ_COUNT = 3;

  /** The most that {@link #read} and {@link #write} take, bytes. */
  int ACCESS_BYTES_MAX = 4096;

  /**
   * What a device says of itself when it comes. Sizes have been checked to be such as a function
   * may have; that they go together has not.
   *
   * @param from whose it is, for people
   * @param regionBytes size of each of the {@link #REGION_COUNT} regions; 0 for none
   * @param vectors of each of the {@link #IRQ_COUNT} kinds of interrupt
   * @param config the first 256 or 4096 bytes of its configuration space
   */
  record Facts(String from, List<Long> regionBytes, List<Integer> vectors, MemorySegment config) {}

  /** Who is told whether the device is there. */
  interface Presence {
    /** It is there, as after a reset. */
    void onPresent(Facts facts);

    /** It has gone, or has been sent away: in words, why. */
    void onAbsent(String cause);
  }

  /** What the device may do while it is there: that of the function that stands for it. */
  interface Access {
    /** Whether DMA can be taken now. When not, it waits until {@link ForeignDevice#resume}. */
    boolean hasRoom();

    /**
     * The device reads the server's memory. Answered by {@link ForeignDevice#dmaDone}, later.
     *
     * @param to where the bytes go; must not be touched after a {@link ForeignDevice#dmaAbandoned}
     */
    void onDmaRead(long address, MemorySegment to, long offset, int bytes, long cookie);

    /**
     * The device writes the server's memory.
     *
     * @param from valid during the call
     * @return false if it may not now
     */
    boolean onDmaWrite(long address, MemorySegment from, long offset, int bytes);

    /** A vector is signalled; every write made before it has been told. INTx has vector 0. */
    void onInterrupt(int kind, int vector);

    /**
     * The device may have written its {@link Mirror}: called all the time while that is watched.
     *
     * @return how much was found
     */
    default int onLook() {
      return 0;
    }
  }

  /**
   * Memory that the device takes for the server's: an address there is an offset here. Zero at
   * first; the device can make it neither smaller nor larger.
   */
  interface Mirror {
    MemorySegment memory();

    /** Whether {@link Access#onLook} is called. */
    void watch(boolean on);

    /** Gives the memory back: all of it is zero. */
    void clear();
  }

  /** Where what was read arrives. */
  interface ReadDone {
    /**
     * @param data valid during the call; null if the device has answered with an error, or not in
     *     time
     */
    void done(long cookie, MemorySegment data, long offset, int bytes);
  }

  /** Where a write's end is reported. */
  interface WriteDone {
    /**
     * @param ok false if the device has answered with an error, or not in time
     */
    void done(long cookie, boolean ok);
  }

  /** Begins to look for it. Called once. */
  void open(Presence presence);

  /** What the device has instead of DMA by message; null where it has not. Asked while present. */
  default Mirror mirror() {
    return null;
  }

  /** Who speaks for it from now on; before the first, and after null, its DMA is refused. */
  void attach(Access access);

  /**
   * Reads a region.
   *
   * @param bytes 1 to {@link #ACCESS_BYTES_MAX}, inside the region
   */
  void read(int region, long offset, int bytes, ReadDone done, long cookie);

  /** Writes a region and asks for no answer; arguments as in {@link #read}. */
  void write(int region, long offset, MemorySegment from, long at, int bytes);

  /** Writes a region; arguments as in {@link #read}. */
  void write(
      int region, long offset, MemorySegment from, long at, int bytes, WriteDone done, long cookie);

  /** Resets it: everything under way is abandoned, and no interrupt is enabled. */
  void reset();

  /**
   * Enables interrupts of one kind, and of no other.
   *
   * @param vectors the first so many; 0 for none of any kind
   */
  void enable(int kind, int vectors);

  /** The level of INTx may be told again: it is told once, then masked. */
  void unmaskIntx();

  /** The end of an {@link Access#onDmaRead}. */
  void dmaDone(long cookie, boolean ok);

  /** No {@link #dmaDone} will come for what is under way. */
  void dmaAbandoned();

  /** There is room again. */
  void resume();

  /**
   * Sends it away, since it is not what it should be: it is absent, and is looked for anew.
   *
   * @param why as in "the server " + why
   */
  void dismiss(String why);

  /** Lets go of it. No call comes any more. */
  void close();
}
