package farslot.bench.hops;

/** Where an operation is while it waits, in the order in which it first gets there. */
public enum Hop {
  GUEST("server's driver", "the driver in software: makes the command, sees its completion"),
  INITIATOR(
      "initiator", "root port and link: TLPs made or taken, the server's memory read and written"),
  WIRE_DOWN(
      "wire, to the card", "from the frame's txTime to its arrival: send, TCP, waking the reader"),
  APPLIANCE("appliance", "link and endpoint: frames checked, TLPs decoded and made"),
  CARD("card", "the NVMe model and its RAM disk"),
  WIRE_UP("wire, back", "as to the card");

  private final String words;
  private final String meaning;

  Hop(String words, String meaning) {
    this.words = words;
    this.meaning = meaning;
  }

  /** For tables. */
  public String words() {
    return words;
  }

  /** What is in it. */
  public String meaning() {
    return meaning;
  }
}
