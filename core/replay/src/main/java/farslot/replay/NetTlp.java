package farslot.replay;

import farslot.capture.CaptureFile;
import farslot.pcie.TlpType;
import farslot.pcie.TlpView;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Optional;

/** A TLP in a packet of NetTLP: Ethernet, IPv4 without options, UDP, six bytes, the TLP. */
final class NetTlp {
  private static final int IP_AT = 14;
  private static final int IP_BYTES = 20;
  private static final int UDP = 17;
  private static final int PORT_AT = IP_AT + IP_BYTES + 2;
  private static final int UDP_LENGTH_AT = IP_AT + IP_BYTES + 4;
  private static final int TLP_AT = IP_AT + IP_BYTES + 8 + 6;
  private static final int UDP_AND_NETTLP_BYTES = 8 + 6;

  /** Transactions that the device began have ports from 3000h, those of the host from 4000h. */
  private static final int OF_DEVICE = 3;

  private static final int OF_HOST = 4;

  private NetTlp() {}

  static Optional<Utterance> read(CaptureFile.Packet packet) {
    byte[] bytes = packet.bytes();
    if (bytes.length < TLP_AT || bytes[IP_AT] != 0x45 || bytes[IP_AT + 9] != UDP) {
      return Optional.empty();
    }
    int whose = ConversationReader.u16(bytes, PORT_AT) >> 12;
    int end = TLP_AT + ConversationReader.u16(bytes, UDP_LENGTH_AT) - UDP_AND_NETTLP_BYTES;
    if (whose != OF_DEVICE && whose != OF_HOST || end > bytes.length || end < TLP_AT) {
      return Optional.empty();
    }
    byte[] tlp = Arrays.copyOfRange(bytes, TLP_AT, end);
    MemorySegment segment = MemorySegment.ofArray(tlp);
    if (TlpView.check(segment, 0, tlp.length) != null) {
      return Optional.empty();
    }
    boolean completion = TlpType.isCompletion(new TlpView().wrap(segment, 0, tlp.length).fmtType());
    boolean server = (whose == OF_HOST) != completion;
    Utterance.Kind kind = server ? Utterance.Kind.SERVER : Utterance.Kind.CARD;
    return Optional.of(new Utterance(packet.number(), packet.timeNs(), kind, tlp));
  }
}
