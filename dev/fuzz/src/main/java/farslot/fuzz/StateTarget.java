package farslot.fuzz;

import farslot.function.Card;
import farslot.function.endpoint.FunctionEndpoint;
import farslot.function.state.StateException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * A saved state with any bytes: it is refused with words, or the function is one that a server can
 * go on with. Either a state that was good before some bytes of it were changed, or anything at
 * all; the checksum is made right, for behind it is what is to be reached.
 */
final class StateTarget implements Target {
  private static final int CARDS = 3;
  private static final int CHANGES_MAX = 63;
  private static final int CRC_BYTES = 4;

  @Override
  public void run(byte[] input) {
    Script script = new Script(input);
    int first = script.u8();
    EndpointSlot slot = new EndpointSlot(card(first / 2 % CARDS));
    byte[] state = (first & 1) == 0 ? changed(slot, script) : script.rest();
    restore(slot, sealed(state));
    slot.run((first & 1) == 0 ? script : new Script(new byte[0]));
  }

  private static Card card(int which) {
    return switch (which) {
      case 0 -> Cards.nvme();
      case 1 -> Cards.scratch();
      default -> Cards.virtio();
    };
  }

  private static byte[] changed(EndpointSlot slot, Script script) {
    byte[] state = save(slot.endpoint());
    int changes = script.u8() & CHANGES_MAX;
    for (int i = 0; i < changes; i++) {
      state[script.u16() % state.length] = (byte) script.u8();
    }
    return state;
  }

  private static byte[] save(FunctionEndpoint endpoint) {
    endpoint.pause();
    return endpoint.save();
  }

  private static void restore(EndpointSlot slot, byte[] state) {
    try {
      slot.endpoint().restore(state);
      byte[] again = slot.endpoint().isQuiet() ? slot.endpoint().save() : null;
      slot.endpoint().resume();
      slot.settle();
      if (again == null) {
        throw new AssertionError("a restored function that is not quiet");
      }
    } catch (StateException e) {
      if (e.getMessage().isBlank()) {
        throw new AssertionError("refused without a word", e);
      }
    }
  }

  private static byte[] sealed(byte[] bytes) {
    if (bytes.length >= CRC_BYTES) {
      CRC32C crc = new CRC32C();
      crc.update(bytes, 0, bytes.length - CRC_BYTES);
      ByteBuffer.wrap(bytes)
          .order(ByteOrder.LITTLE_ENDIAN)
          .putInt(bytes.length - CRC_BYTES, (int) crc.getValue());
    }
    return bytes;
  }

  @Override
  public List<byte[]> seeds() {
    List<byte[]> seeds = new ArrayList<>();
    byte[][] deeds = {EndpointSeeds.nvme(), EndpointSeeds.scratch(), CardSeeds.virtio()};
    for (int card = 0; card < CARDS; card++) {
      seeds.add(new Script.Writer().u8(2 * card).u8(0).bytes(deeds[card]).done());
      byte[] state = save(new EndpointSlot(card(card)).endpoint());
      seeds.add(new Script.Writer().u8(2 * card + 1).bytes(state).done());
    }
    return seeds;
  }
}
