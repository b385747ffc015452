package farslot.link;

/**
 * Who is at the other end of a rail as far as that was proved, and what guards the frames between
 * (docs/spec/pcieoe.md, section 10.4).
 *
 * @param peer the node name that the peer's certificate says; empty if nobody has proved anything
 * @param cipher what encrypts, for people: {@code TLSv1.3 TLS_AES_256_GCM_SHA384}; empty if nothing
 *     does
 * @param keyPhase how often the keys have been changed since the rail began, where it counts that
 * @param dropped packets that were dropped because they were forged, repeated or not to be opened
 */
public record RailProtection(String peer, String cipher, long keyPhase, long dropped) {
  /** Frames in clear, from somebody. */
  public static final RailProtection NONE = new RailProtection("", "", 0, 0);

  /** Whether the peer's name was proved. */
  public boolean proved() {
    return !peer.isEmpty();
  }

  /** Why a node cannot be who it says in HELLO or WELCOME; empty if it can. */
  String contradicts(String nodeName) {
    return proved() && !peer.equals(nodeName)
        ? "the certificate is that of '%s', not of '%s'".formatted(peer, nodeName)
        : "";
  }
}
