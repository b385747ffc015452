package farslot.cards.nettlp;

import farslot.function.TlpPort;
import farslot.pcie.BigEndian;
import farslot.pcie.LittleEndian;
import farslot.pcie.nettlp.ConfigApi;
import farslot.pcie.nettlp.MessageApi;
import java.lang.foreign.MemorySegment;

/**
 * What programs ask before they begin. On real hardware a driver in the server answers the first
 * kind; here the card does, for it alone knows the addresses that its TLPs will have.
 */
final class Questions {
  private final Outbox outbox;
  private final TlpPort server;
  private final NetTlpCounters counters;

  Questions(Outbox outbox, TlpPort server, NetTlpCounters counters) {
    this.outbox = outbox;
    this.server = server;
    this.counters = counters;
  }

  /** Whether a datagram on this port, this long, is about configuration space. */
  static boolean isConfig(int port, int bytes) {
    return port == ConfigApi.PORT || port == ConfigApi.PORT_OF_LIBTLP && bytes == ConfigApi.BYTES;
  }

  void onMessage(MemorySegment data, long offset, int bytes) {
    int answerBytes =
        bytes == MessageApi.REQUEST_BYTES ? answer(LittleEndian.i32(data, offset)) : 0;
    if (answerBytes == 0) {
      counters.add(NetTlpEvent.BAD_QUESTION);
    } else {
      counters.add(NetTlpEvent.QUESTIONS);
      outbox.send(MessageApi.PORT, answerBytes);
    }
  }

  private int answer(int question) {
    MemorySegment to = outbox.segment();
    return switch (question) {
      case MessageApi.BAR4_ADDRESS -> {
        LittleEndian.i64(to, 0, server.barAddress(NetTlpSpec.PROGRAM_BAR));
        yield MessageApi.BAR4_ADDRESS_BYTES;
      }
      case MessageApi.DEVICE_ID -> {
        LittleEndian.u16(to, 0, server.functionId());
        yield MessageApi.DEVICE_ID_BYTES;
      }
      case MessageApi.MSIX_TABLE -> {
        for (int vector = 0; vector < MessageApi.VECTORS; vector++) {
          long entry = (long) vector * MessageApi.ENTRY_BYTES;
          LittleEndian.i64(to, entry + MessageApi.ENTRY_ADDRESS, server.messageAddress(vector));
          LittleEndian.i32(to, entry + MessageApi.ENTRY_DATA, server.messageData(vector));
        }
        yield MessageApi.VECTORS * MessageApi.ENTRY_BYTES;
      }
      default -> 0;
    };
  }

  /**
   * Reads a register of configuration space. Writes are refused: what the server has set (bus
   * mastering, addresses, interrupts) is not the program's to change.
   */
  void onConfig(int port, MemorySegment data, long offset, int bytes) {
    int command = bytes == ConfigApi.BYTES ? BigEndian.u16(data, offset + ConfigApi.COMMAND) : -1;
    if (command >>> ConfigApi.COMMAND_SHIFT != ConfigApi.COMMAND_READ) {
      counters.add(NetTlpEvent.BAD_QUESTION);
      return;
    }
    counters.add(NetTlpEvent.QUESTIONS);
    MemorySegment to = outbox.segment();
    BigEndian.u16(to, ConfigApi.COMMAND, command);
    BigEndian.i32(to, ConfigApi.DATA, server.configDw(4 * (command & ConfigApi.DW_MASK)));
    outbox.send(port, ConfigApi.BYTES);
  }
}
