package farslot.bench.rails;

import java.util.List;
import java.util.stream.IntStream;

/** What a session's rails are. */
enum RailKind {
  TCP("tcp"),
  ETHERNET("ethernet"),
  /** TCP and Ethernet in turn. */
  MIXED("mixed");

  /** The appliance's name, by which Ethernet rails find it. */
  static final String APPLIANCE = "bench";

  static final int PORT = 7580;

  private static final int PROTECTED_PORT = 7581;
  private static final int PROTECTED_ETHERNET_PORT = 2;

  private final String word;

  RailKind(String word) {
    this.word = word;
  }

  String word() {
    return word;
  }

  /** Where an initiator finds the appliance by one cable. */
  String address(int cable) {
    boolean ethernet = this == ETHERNET || this == MIXED && cable % 2 == 1;
    return ethernet ? "eth:rail" + cable + "/" + APPLIANCE : "10.78." + cable + ".1:" + PORT;
  }

  /** Where an initiator finds the appliance with credentials, by the first cable. */
  String protectedAddress() {
    return this == ETHERNET
        ? "eth:rail0/" + APPLIANCE + "?port=" + PROTECTED_ETHERNET_PORT
        : "10.78.0.1:" + PROTECTED_PORT;
  }

  /** Where that listens. */
  static List<String> listeningProtected() {
    return List.of("0.0.0.0:" + PROTECTED_PORT, "eth:rail0?port=" + PROTECTED_ETHERNET_PORT);
  }

  /** The first cables. */
  static List<Integer> first(int count) {
    return IntStream.range(0, count).boxed().toList();
  }

  List<String> addresses(List<Integer> cables) {
    return cables.stream().map(this::address).toList();
  }

  /** Where an appliance listens, so that it is found by all cables and in every way. */
  static List<String> listening(int cables) {
    return IntStream.range(-1, cables)
        .mapToObj(cable -> cable < 0 ? "0.0.0.0:" + PORT : "eth:rail" + cable)
        .toList();
  }
}
