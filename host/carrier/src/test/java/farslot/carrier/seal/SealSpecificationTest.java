package farslot.carrier.seal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The packets in hex of the specification are those that the product sends and takes. */
class SealSpecificationTest {
  private static final long NOW = 1;

  private static byte[] golden(String name) throws IOException {
    Path at = Path.of("").toAbsolutePath();
    while (!Files.exists(at.resolve("docs/spec/pcieoe.md"))) {
      at = at.getParent();
    }
    Pattern pattern =
        Pattern.compile("<!-- packet: " + name + " -->\\s*```\\w*\\n(.*?)```", Pattern.DOTALL);
    Matcher matcher = pattern.matcher(Files.readString(at.resolve("docs/spec/pcieoe.md")));
    assertThat(matcher.find()).as(name).isTrue();
    String hex = matcher.group(1).replaceAll(";[^\\n]*", "").replaceAll("\\s", "");
    return HexFormat.of().parseHex(hex);
  }

  private static byte[] secret() {
    byte[] secret = new byte[32];
    for (int i = 0; i < secret.length; i++) {
      secret[i] = (byte) i;
    }
    return secret;
  }

  private static byte[] frame() {
    byte[] frame = new byte[40];
    ByteBuffer.wrap(frame)
        .putShort((short) 0x5045)
        .put((byte) 0x12)
        .put((byte) 5)
        .putShort(6, (short) 40);
    return frame;
  }

  /** The packet with this number, when keys change after every packet but the first two. */
  private static byte[] sealed(int number) {
    Sealer sealer = new Sealer(secret(), 1464, 2, NOW);
    MemorySegment from = Arena.ofAuto().allocateFrom(ValueLayout.JAVA_BYTE, frame());
    MemorySegment to = Arena.ofAuto().allocate(100);
    int bytes = 0;
    for (int i = 0; i <= number; i++) {
      bytes = sealer.seal(from, 0, 40, to, 0, NOW);
    }
    return to.asSlice(0, bytes).toArray(ValueLayout.JAVA_BYTE);
  }

  @Test
  @Tag("PCIEOE-207")
  void sealedPacketsAreThoseOfTheSpecification() throws IOException {
    assertThat(HexFormat.of().formatHex(sealed(1)))
        .isEqualTo(HexFormat.of().formatHex(golden("sealed")));
    assertThat(HexFormat.of().formatHex(sealed(2)))
        .isEqualTo(HexFormat.of().formatHex(golden("sealed-next-phase")));
    Opener opener = new Opener(secret(), 1464);
    MemorySegment opened = Arena.ofAuto().allocate(1464);
    for (String name : new String[] {"sealed", "sealed-next-phase"}) {
      MemorySegment packet = Arena.ofAuto().allocateFrom(ValueLayout.JAVA_BYTE, golden(name));
      int bytes = opener.open(packet, 0, (int) packet.byteSize(), opened, 0, NOW);
      assertThat(opened.asSlice(0, bytes).toArray(ValueLayout.JAVA_BYTE)).isEqualTo(frame());
    }
  }

  @Test
  @Tag("PCIEOE-207")
  void keysPacketsAreThoseOfTheSpecification() throws IOException {
    HandshakeStream near = new HandshakeStream(0x0123456789ABCDEFL, false);
    HandshakeStream far = new HandshakeStream(0x0123456789ABCDEFL, true);
    MemorySegment packet = Arena.ofAuto().allocate(1500);
    near.offer(ByteBuffer.wrap(new byte[] {22, 3, 1, 0}));
    int bytes = near.write(packet, 0, NOW);
    byte[] first = packet.asSlice(0, bytes).toArray(ValueLayout.JAVA_BYTE);
    assertThat(HexFormat.of().formatHex(first)).isEqualTo(HexFormat.of().formatHex(golden("keys")));
    assertThat(HandshakeStream.check(packet, 0, bytes, false)).isTrue();
    far.take(packet, 0, ByteBuffer.allocate(100));
    far.offer(ByteBuffer.wrap(new byte[] {22, 3, 3}));
    bytes = far.write(packet, 0, NOW);
    byte[] reply = packet.asSlice(0, bytes).toArray(ValueLayout.JAVA_BYTE);
    assertThat(HexFormat.of().formatHex(reply))
        .isEqualTo(HexFormat.of().formatHex(golden("keys-reply")));
  }
}
