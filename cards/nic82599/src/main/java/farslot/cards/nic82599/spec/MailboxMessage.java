package farslot.cards.nic82599.spec;

/**
 * What virtual functions ask of the physical one. The data sheet has the mailbox (7.10.2.9) but not
 * its messages; these are what the drivers of Linux, FreeBSD and DPDK speak, first word first.
 */
public final class MailboxMessage {
  // Word 0
  public static final int TYPE_MASK = 0xFFFF;
  public static final int SUCCESS = 1 << 31;
  public static final int FAILURE = 1 << 30;

  /** The function may send requests: it has been reset, and the physical one knows. */
  public static final int CLEAR_TO_SEND = 1 << 29;

  public static final int INFO_SHIFT = 16;
  public static final int INFO_MASK = 0xFF;

  // From the virtual function, any version
  public static final int RESET = 0x01;
  public static final int SET_MAC_ADDR = 0x02;
  public static final int SET_MULTICAST = 0x03;
  public static final int SET_VLAN = 0x04;

  // From version 1.0 on
  public static final int SET_LPE = 0x05;
  public static final int SET_MACVLAN = 0x06;
  public static final int API_NEGOTIATE = 0x08;

  // From version 1.1 on
  public static final int GET_QUEUES = 0x09;

  // From version 1.2 on
  public static final int GET_RETA = 0x0A;
  public static final int GET_RSS_KEY = 0x0B;
  public static final int UPDATE_XCAST_MODE = 0x0C;
  public static final int GET_LINK_STATE = 0x10;

  /** From the physical function, of itself: look at the link, and at the other bits of word 0. */
  public static final int PF_CONTROL = 0x0100;

  // Versions as API_NEGOTIATE counts them
  public static final int API_10 = 0;
  public static final int API_11 = 2;
  public static final int API_12 = 3;
  public static final int API_13 = 4;

  // Places of the answers to RESET, GET_QUEUES and the others
  public static final int RESET_MAC = 1;
  public static final int RESET_MC_TYPE = 3;
  public static final int RESET_WORDS = 4;
  public static final int QUEUES_TX = 1;
  public static final int QUEUES_RX = 2;
  public static final int QUEUES_TRANS_VLAN = 3;
  public static final int QUEUES_DEFAULT = 4;

  /** Hashes that SET_MULTICAST can hold, two a word. */
  public static final int MULTICAST_MAX = 30;

  public static final int VLAN_MASK = 0xFFF;

  private MailboxMessage() {}
}
