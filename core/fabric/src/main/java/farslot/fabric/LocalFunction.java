package farslot.fabric;

import farslot.memory.DmaWindows;
import java.lang.foreign.MemorySegment;

/**
 * An assigned function as its server sees it: what a vfio-user front, or the software root
 * complex's driver, works with. Behind it a {@link RootPort} speaks TLPs to a card that is
 * elsewhere, and sees to it that every access is answered inside the deadline (all-ones if need
 * be), whatever the network does. On the owner's agent thread only.
 */
public interface LocalFunction {
  /** Region indexes, as VFIO numbers them: 0 to 5 the BARs, then ROM and configuration space. */
  int REGION_ROM = 6;

  int REGION_CONFIG = 7;
  int REGION_COUNT = 9;

  /** The largest access that {@link #read} and {@link #write} take, bytes. */
  int ACCESS_BYTES_MAX = 4096;

  /** The name under which the appliance exports it. */
  String name();

  /** Class code, 24 bits; 0x010802 is NVMe. */
  int classCode();

  /** What a region is. */
  RegionInfo region(int index);

  /**
   * @param sizeBytes 0 when the function has no such region
   * @param io an I/O BAR
   */
  record RegionInfo(long sizeBytes, boolean io) {}

  /**
   * Reads a region. {@code done} is called exactly once, perhaps from inside this call, and never
   * later than the deadline.
   *
   * @param bytes 1 to {@link #ACCESS_BYTES_MAX}, inside the region
   */
  void read(int region, long offset, int bytes, ReadDone done, long cookie);

  /** Where what was read arrives. */
  interface ReadDone {
    /**
     * @param data little-endian as in memory, valid during the call; all-ones if nobody answered
     */
    void done(long cookie, MemorySegment data, long offset, int bytes);
  }

  /**
   * Writes a region. Memory BARs are posted: {@code done} comes at once. Configuration space and
   * I/O BARs are not: it comes when the card has answered, or the deadline has passed.
   */
  void write(
      int region, long offset, MemorySegment from, long at, int bytes, WriteDone done, long cookie);

  /** Where a write's end is reported. */
  interface WriteDone {
    void done(long cookie);
  }

  /**
   * Whether writes can be taken now. False when posted credits are used up: the front then stops
   * reading its socket until {@link Listener#onRoom}.
   */
  boolean hasRoom();

  /**
   * Whether a hypervisor is setting the function up, and no guest runs yet. While it does, reads of
   * configuration space that the card does not answer get what the card showed when it was last
   * there: QEMU walks the capabilities of all-ones for ever, or refuses to start. Afterwards they
   * get all-ones, and the guest sees an empty slot.
   */
  default void settingUp(boolean underWay) {}

  /** FLR, or hot reset where the function has none; {@code done} when the card has settled. */
  void reset(WriteDone done, long cookie);

  /** What the card may reach. Starts empty; the front maps and unmaps. */
  DmaWindows dmaWindows();

  /** Kinds of interrupt, as VFIO numbers them: 0 INTx, 1 MSI, 2 MSI-X, 3 ERR, 4 REQ. */
  int vectors(int kind);

  int IRQ_INTX = 0;
  int IRQ_MSI = 1;
  int IRQ_MSIX = 2;
  int IRQ_ERR = 3;
  int IRQ_REQ = 4;
  int IRQ_COUNT = 5;

  /**
   * The front has armed or disarmed vectors of a kind (SET_IRQS). The card's own MSI-X table and
   * MSI registers are programmed to match: hypervisors keep theirs to themselves.
   *
   * @param first first vector
   * @param armed whether each vector from {@code first} on has somebody to signal
   */
  void arm(int kind, int first, boolean[] armed);

  /** Masks or unmasks INTx; unmasking signals again while the pin is still asserted. */
  void maskIntx(boolean masked);

  /** Who is told what the card does. */
  void listener(Listener listener);

  /** What a card does by itself. On the agent thread. */
  interface Listener {
    /** Vector {@code vector} of {@code kind} is signalled; all DMA before it is visible. */
    void onInterrupt(int kind, int vector);

    /** The card is gone (surprise removal) or back. While gone, reads are all-ones. */
    void onPresence(boolean present, String cause);

    /** {@link #hasRoom} turned true. */
    void onRoom();
  }
}
