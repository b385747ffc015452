package farslot.cards.nic82599;

import static farslot.cards.nic82599.spec.MailboxMessage.*;

import farslot.cards.nic82599.bridge.BridgePort;
import farslot.cards.nic82599.bridge.XcastMode;
import farslot.function.state.StateException;
import farslot.function.state.StateReader;
import farslot.function.state.StateWriter;

/**
 * The physical function's side of the mailbox: what drivers ask for, and whether the appliance
 * permits it. Speaks versions 1.0 to 1.3; what 1.4 adds is IPsec, which is not here, and 1.5 and
 * later have never been the 82599's.
 */
final class MailboxRequests {

  /** A frame's FCS, which drivers count when they say how long frames may be. */
  private static final int FCS_BYTES = 4;

  private static final int FRAME_AND_FCS_USUAL = BridgePort.FRAME_BYTES_USUAL + FCS_BYTES;

  /** {@link BridgePort#HASH_BITS} says which bits of an address this stands for. */
  private static final int MC_FILTER_TYPE = 0;

  private static final int HASH_MASK = (1 << BridgePort.HASH_BITS) - 1;
  private static final int RETA_ENTRIES_A_WORD = 16;

  private final BridgePort bridge;
  private final GuestSettings settings;
  private final int[] hashes = new int[MULTICAST_MAX];
  private int api;
  private boolean clearToSend;

  MailboxRequests(BridgePort bridge) {
    this.bridge = bridge;
    settings = new GuestSettings(bridge);
  }

  void reset() {
    api = API_10;
    clearToSend = false;
    settings.reset();
  }

  void save(StateWriter state) {
    state.part("nic82599.requests", 1);
    state.u8(api).flag(clearToSend);
    settings.save(state);
  }

  void restore(StateReader state) throws StateException {
    state.part("nic82599.requests", 1);
    int version = state.u8();
    state.require(negotiate(version), "version " + version + " is not spoken here");
    clearToSend = state.flag();
    settings.restore(state);
  }

  /** Whether the guest has asked for its reset: until then it is told nothing. */
  boolean clearToSend() {
    return clearToSend;
  }

  /**
   * Answers what stands in the words, in place.
   *
   * @return false when there is nothing to answer
   */
  boolean answer(int[] words) {
    if ((words[0] & (SUCCESS | FAILURE)) != 0) {
      return false; // an answer of ours that came back
    }
    if (words[0] == RESET) {
      answerReset(words);
    } else if (!clearToSend) {
      words[0] |= FAILURE;
    } else {
      words[0] |= (permits(words) ? SUCCESS : FAILURE) | CLEAR_TO_SEND;
    }
    return true;
  }

  private void answerReset(int[] words) {
    reset();
    clearToSend = true;
    java.util.Arrays.fill(words, 0);
    long mac = bridge.mac();
    words[0] = RESET | (mac != 0 ? SUCCESS : FAILURE);
    words[RESET_MAC] = Integer.reverseBytes((int) (mac >>> 16));
    words[RESET_MAC + 1] = Short.toUnsignedInt(Short.reverseBytes((short) mac));
    words[RESET_MC_TYPE] = MC_FILTER_TYPE;
  }

  private boolean permits(int[] words) {
    return switch (words[0] & TYPE_MASK) {
      case SET_MAC_ADDR -> settings.setMac(mac(words));
      case SET_MULTICAST -> multicast(words);
      case SET_VLAN -> settings.vlan(words[1] & VLAN_MASK, info(words) != 0);
      case SET_LPE -> frameBytesMax(words[1]);
      case SET_MACVLAN -> addMac(words);
      case API_NEGOTIATE -> negotiate(words[1]);
      case GET_QUEUES -> queues(words);
      case GET_RETA -> redirectionTable(words);
      case GET_RSS_KEY -> key(words);
      case UPDATE_XCAST_MODE -> xcast(words);
      case GET_LINK_STATE -> linkState(words);
      default -> false;
    };
  }

  private static int info(int[] words) {
    return words[0] >>> INFO_SHIFT & INFO_MASK;
  }

  /** Six bytes from the second word on, in the order in which they are sent. */
  private static long mac(int[] words) {
    long four = Integer.reverseBytes(words[1]) & 0xFFFF_FFFFL;
    return four << 16 | Short.reverseBytes((short) words[2]) & 0xFFFF;
  }

  private boolean multicast(int[] words) {
    int count = Math.min(info(words), MULTICAST_MAX);
    for (int i = 0; i < count; i++) {
      hashes[i] = words[1 + i / 2] >>> 16 * (i & 1) & HASH_MASK;
    }
    settings.multicast(hashes, count);
    return true;
  }

  private boolean frameBytesMax(int withFcs) {
    boolean old = api == API_10 && withFcs > FRAME_AND_FCS_USUAL;
    return !old && withFcs > 0 && settings.frameBytesMax(withFcs - FCS_BYTES);
  }

  /** Index 1 begins a new list, 0 only ends the old one. */
  private boolean addMac(int[] words) {
    if (info(words) <= 1) {
      settings.clearMacs();
    }
    return info(words) == 0 || settings.addMac(mac(words));
  }

  private boolean negotiate(int version) {
    boolean known =
        version == API_10 || version == API_11 || version == API_12 || version == API_13;
    if (known) {
      api = version;
    }
    return known;
  }

  private boolean queues(int[] words) {
    if (api < API_11) {
      return false;
    }
    words[QUEUES_TX] = NicLimits.QUEUES;
    words[QUEUES_RX] = NicLimits.QUEUES;
    words[QUEUES_TRANS_VLAN] = bridge.portVlan() != 0 ? 1 : 0;
    words[QUEUES_DEFAULT] = 0;
    return true;
  }

  /** Two bits an entry. */
  private boolean redirectionTable(int[] words) {
    if (api < API_12) {
      return false;
    }
    for (int i = 0; i < RssHash.TABLE_ENTRIES; i += RETA_ENTRIES_A_WORD) {
      int word = 0;
      for (int j = 0; j < RETA_ENTRIES_A_WORD; j++) {
        word |= RssHash.queue(i + j) << 2 * j;
      }
      words[1 + i / RETA_ENTRIES_A_WORD] = word;
    }
    return true;
  }

  private boolean key(int[] words) {
    if (api < API_12) {
      return false;
    }
    for (int i = 0; i < RssHash.KEY_WORDS; i++) {
      words[1 + i] = RssHash.keyWord(i);
    }
    return true;
  }

  /** The answer says what was granted: an untrusted guest gets less than it asks for. */
  private boolean xcast(int[] words) {
    XcastMode[] modes = XcastMode.values();
    int asked = words[1];
    boolean known = asked >= 0 && asked < modes.length;
    boolean tooNew = api < API_12 || api < API_13 && known && modes[asked] == XcastMode.PROMISC;
    if (!known || tooNew) {
      return false;
    }
    words[1] = settings.xcast(modes[asked]).ordinal();
    return true;
  }

  /** Whether the appliance lets the function have a link at all; VFLINKS says whether it has. */
  private boolean linkState(int[] words) {
    if (api < API_12) {
      return false;
    }
    words[1] = 1;
    return true;
  }
}
