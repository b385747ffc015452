package farslot.cards.nic82599.bridge;

/** Why a frame went no further. */
enum Drop {
  MALFORMED("malformed frames"),
  SPOOFED("spoofed addresses"),
  VLAN("foreign vlans"),
  RESERVED("reserved groups"),
  RATE("over the rate"),
  LINK_DOWN("link down"),
  UPLINK("uplink refused"),
  TOO_LONG("longer than the mtu"),
  NO_ROOM("no room");

  private final String words;

  Drop(String words) {
    this.words = words;
  }

  /** For people. */
  String words() {
    return words;
  }
}
