package farslot.cards.nic82599.bridge;

import java.lang.foreign.MemorySegment;
import java.util.Map;

/**
 * A virtual function's place in the card's switch. Frames are complete and have no FCS; an 802.1Q
 * tag stands in line. A port that has a VLAN of its own never sees that tag: the switch adds and
 * removes it.
 *
 * <p>The settings are what the function's driver asks for through its mailbox; each answers whether
 * the appliance permits it. All calls on the slot's agent thread.
 */
public interface BridgePort {
  /** Longest frame without FCS and tag that any port may ask for: what the 82599 can receive. */
  int FRAME_BYTES_MAX = 9728 - 4;

  /** What a port begins with: an MTU of 1500. */
  int FRAME_BYTES_USUAL = 1514;

  /**
   * Multicast addresses are hashed to so many bits ({@code mc_filter_type} 0): the upper half of
   * the address's fifth byte, and the sixth shifted left by four.
   */
  int HASH_BITS = 12;

  /** Addresses that a port may have besides its first one. */
  int EXTRA_MACS_MAX = 32;

  /** Where frames for the function go. */
  interface Receiver {
    /**
     * A frame for the function.
     *
     * @param frame valid during this call
     * @return false when there was no room: dropped, counted by the switch
     */
    boolean onFrame(MemorySegment frame, long offset, int bytes);

    /** The link has come or gone; also told once during {@link BridgePort#attach}. */
    void onLink(boolean up, int mbps);
  }

  /** The function is in its slot: from here on the port has a link and gets frames. */
  void attach(Receiver receiver);

  /** The function is gone: no frame comes or goes, and what the guest had set is forgotten. */
  void detach();

  /** The function was reset: the port is as the appliance configured it. */
  void reset();

  /**
   * A frame that the function sends.
   *
   * @param frame native memory, read during this call; the address of its sender may be any
   * @return false when it was dropped, by whichever rule; the switch has counted it
   */
  boolean send(MemorySegment frame, long offset, int bytes);

  /** Whether the link is up. */
  boolean up();

  /** Its rate, 10000. */
  int mbps();

  /** The port's address, 48 bits, the byte that is sent first the most significant. */
  long mac();

  /**
   * The appliance gives the port another first address, which its guest cannot change; only while
   * no guest is there.
   *
   * @param mac 0 for what the configuration says
   * @return false when it is no station's address, or another port's
   */
  boolean identify(long mac);

  /** Frames that went through the port, both ways. */
  long frames();

  /** SET_MAC_ADDR: false when it is no station's address, or the appliance has set another one. */
  boolean setMac(long mac);

  /** SET_MACVLAN with an index above 0: one more address; false when not permitted or too many. */
  boolean addMac(long mac);

  /** SET_MACVLAN with index 0: all but the port's first address are forgotten. */
  void clearMacs();

  /**
   * SET_VLAN: joins or leaves a VLAN by tags of the guest's own.
   *
   * @param id 0 to 4095; 0 is always answered with yes and changes nothing
   * @return false when the port has a VLAN of its own, or this one is not permitted
   */
  boolean vlan(int id, boolean member);

  /** The port's own VLAN, 1 to 4094, or 0: then tags are the guest's. */
  int portVlan();

  /** SET_MULTICAST: from now on these groups; hashes of {@link #HASH_BITS} bits. */
  void multicast(int[] hashes, int count);

  /** UPDATE_XCAST_MODE: what is asked for, as far as it is permitted. */
  XcastMode xcast(XcastMode asked);

  /** What was granted last. */
  XcastMode xcast();

  /**
   * SET_LPE: longer frames are not received.
   *
   * @param bytes without FCS and without a tag's four bytes
   * @return false when it is more than {@link #FRAME_BYTES_MAX} or less than 64 - 4
   */
  boolean frameBytesMax(int bytes);

  /** Whether the appliance trusts this port (promiscuity, addresses of its own choice). */
  boolean trusted();

  /** What the switch has counted at this port: what is not zero, by name. */
  Map<String, Long> counts();
}
