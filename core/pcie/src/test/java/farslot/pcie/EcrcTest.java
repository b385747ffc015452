package farslot.pcie;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;

/** The digest against the specification's shift register, bit by bit, and against java.util.zip. */
class EcrcTest {
  /** CRC-32's check value, "123456789" gives CBF43926h, in the shape that a digest has it. */
  @Test
  void theReferenceKnowsItsPolynomial() {
    assertThat(Integer.reverseBytes(register("123456789".getBytes()))).isEqualTo(0xCBF4_3926);
  }

  @Test
  void matchesTheRegisterForEveryShape() {
    Random random = new Random(1);
    for (int i = 0; i < 200; i++) {
      byte[] tlp = Samples.tlp(random).encodeWithEcrc();
      TlpView view = view(tlp);
      assertThat(view.hasDigest()).isTrue();
      assertThat(view.digest()).as(Hex.of(tlp)).isEqualTo(register(covered(tlp)));
      CRC32 zip = new CRC32();
      zip.update(covered(tlp));
      assertThat(view.digest()).isEqualTo(Integer.reverseBytes((int) zip.getValue()));
      assertThat(view.ecrcMatches()).isTrue();
    }
  }

  @Test
  void everyBitButTheVariantOnesIsGuarded() {
    byte[] tlp = new Tlp.MemoryWrite(0x0100, 0x1000, new byte[] {1, 2, 3, 4}).encodeWithEcrc();
    for (int bit = 0; bit < 8 * (tlp.length - 4); bit++) {
      byte[] hurt = tlp.clone();
      hurt[bit / 8] ^= (byte) (1 << bit % 8);
      if (TlpView.check(MemorySegment.ofArray(hurt), 0, hurt.length) != null) {
        continue;
      }
      boolean poison = bit == 8 * 2 + 6;
      assertThat(view(hurt).ecrcMatches()).as("bit %d", bit).isEqualTo(poison);
    }
  }

  /** A switch makes CfgRd0 of CfgRd1 on the last link; local prefixes end there too. */
  @Test
  void typeZeroAndLocalPrefixesMayChangeOnTheWay() {
    TlpTraits traits = TlpTraits.PLAIN.withPrefixes(0x8E000001, 0x91000001);
    byte[] sent = new Tlp.ConfigRead(traits, 1, 0, 2, 0x0100, 0, 0xF).encodeWithEcrc();
    byte[] arrived = new byte[sent.length - 4];
    System.arraycopy(sent, 4, arrived, 0, arrived.length);
    arrived[4] = TlpType.CFGRD0;
    assertThat(view(arrived).toTlp()).isInstanceOf(Tlp.ConfigRead.class);
    assertThat(view(arrived).ecrcMatches()).isTrue();
    arrived[3] = 2;
    assertThat(view(arrived).ecrcMatches()).as("the end-to-end prefix").isFalse();
  }

  @Test
  void withoutDigestThereIsNothingToDoubt() {
    assertThat(Hex.view("00000001 0100010f 00001000").ecrcMatches()).isTrue();
  }

  private static TlpView view(byte[] tlp) {
    MemorySegment segment = MemorySegment.ofArray(tlp);
    assertThat(TlpView.check(segment, 0, tlp.length)).isNull();
    return new TlpView().wrap(segment, 0, tlp.length);
  }

  /** What 2.7.1 puts under the CRC: no local prefixes, variant bits as ones, no digest. */
  private static byte[] covered(byte[] tlp) {
    int begin = 0;
    while ((tlp[begin] & 0xF0) == 0x80) {
      begin += 4;
    }
    byte[] covered = Arrays.copyOfRange(tlp, begin, tlp.length - 4);
    int header = 0;
    while ((covered[header] & 0xE0) == 0x80) {
      header += 4;
    }
    covered[header] |= 0x01;
    covered[header + 2] |= 0x40;
    return covered;
  }

  /** 2.7.1 step by step: register of ones, bit 0 of each byte first, complement, bit mapping. */
  private static int register(byte[] bytes) {
    boolean[] register = new boolean[32];
    Arrays.fill(register, true);
    for (byte value : bytes) {
      for (int bit = 0; bit < 8; bit++) {
        boolean feedback = register[31] ^ (value >> bit & 1) != 0;
        for (int i = 31; i > 0; i--) {
          register[i] = register[i - 1] ^ (feedback && (0x04C11DB7 >>> i & 1) != 0);
        }
        register[0] = feedback;
      }
    }
    // Table "Mapping of Bits into ECRC Field": result bit 0 to digest bit 7, 1 to 6, ..., 8 to 15.
    int digest = 0;
    for (int bit = 0; bit < 32; bit++) {
      int mapped = bit & ~7 | 7 - (bit & 7);
      digest |= register[bit] ? 0 : 1 << mapped;
    }
    return digest;
  }
}
