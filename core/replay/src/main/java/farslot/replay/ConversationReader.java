package farslot.replay;

import farslot.capture.CaptureFile;
import farslot.capture.PcapngFormat;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads what a capture shows of its functions: PCIeoE frames as {@code farslot capture} writes them
 * or as Ethernet carries them, and TLPs in NetTLP's packets.
 */
public final class ConversationReader {
  private static final int ETHERTYPE_AT = 12;
  private static final int ETHERTYPE_VLAN = 0x8100;
  private static final int ETHERTYPE_IPV4 = 0x0800;
  private static final int ETHERTYPE_PCIEOE = 0x88B5;
  private static final int VLAN_BYTES = 4;

  /** The two ports of a rail on Ethernet. */
  private static final int RAIL_HEADER_BYTES = 4;

  private final Map<String, List<Utterance>> byFunction = new LinkedHashMap<>();
  private final Sessions sessions = new Sessions(this::say);
  private long packets;

  /**
   * What was read.
   *
   * @param packets in the file
   * @param missingFrames that both neighbours of are there
   */
  public record Contents(List<Conversation> conversations, long packets, long missingFrames) {}

  private ConversationReader() {}

  /**
   * Reads a capture.
   *
   * @throws IOException when it is none, or ends inside a block
   */
  public static Contents read(InputStream in) throws IOException {
    return new ConversationReader().all(in);
  }

  private Contents all(InputStream in) throws IOException {
    CaptureFile file = new CaptureFile(in);
    boolean first = true;
    for (Optional<CaptureFile.Packet> next = file.next(); next.isPresent(); next = file.next()) {
      if (first) {
        sessions.comment(file.comment());
        first = false;
      }
      packets++;
      packet(next.get());
    }
    sessions.end();
    List<Conversation> conversations = new ArrayList<>();
    byFunction.forEach((name, said) -> conversations.add(new Conversation(name, said)));
    return new Contents(List.copyOf(conversations), packets, sessions.missing());
  }

  private void say(String function, Utterance utterance) {
    byFunction.computeIfAbsent(function, name -> new ArrayList<>()).add(utterance);
  }

  private void packet(CaptureFile.Packet packet) {
    if (packet.linkType() == PcapngFormat.LINKTYPE_USER0) {
      sessions.frame(packet, 0, packet.direction().name());
    } else if (packet.linkType() == PcapngFormat.LINKTYPE_ETHERNET) {
      ethernet(packet);
    }
  }

  private void ethernet(CaptureFile.Packet packet) {
    byte[] bytes = packet.bytes();
    int at = ETHERTYPE_AT;
    if (u16(bytes, at) == ETHERTYPE_VLAN) {
      at += VLAN_BYTES;
    }
    int type = u16(bytes, at);
    if (type == ETHERTYPE_IPV4) {
      NetTlp.read(packet).ifPresent(said -> say(packet.from(), said));
    } else if (type == ETHERTYPE_PCIEOE) {
      String sender = java.util.HexFormat.of().formatHex(bytes, 6, 12);
      sessions.frame(packet, at + 2 + RAIL_HEADER_BYTES, sender);
    }
  }

  /** Big-endian; -1 behind the end. */
  static int u16(byte[] bytes, int at) {
    return at + 2 > bytes.length ? -1 : (bytes[at] & 0xFF) << 8 | bytes[at + 1] & 0xFF;
  }
}
