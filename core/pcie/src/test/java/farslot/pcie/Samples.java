package farslot.pcie;

import java.util.OptionalInt;
import java.util.Random;
import java.util.stream.IntStream;

/** Random TLPs that keep every rule, of every kind. */
final class Samples {
  private Samples() {}

  static Tlp tlp(Random random) {
    int tag = random.nextInt(TlpLimits.TAG_COUNT);
    int from = random.nextInt(0x10000);
    int to = random.nextInt(0x10000);
    int be = random.nextInt(16);
    TlpTraits traits = traits(random);
    long port = random.nextInt() & 0xFFFF_FFFCL;
    return switch (random.nextInt(9)) {
      case 0 -> memoryRead(random, withHint(random, traits, true), from, tag);
      case 1 -> memoryWrite(random, withHint(random, traits, false), from, tag);
      case 2 -> atomic(random, withHint(random, traits, true), from, tag);
      case 3 ->
          new Tlp.ConfigRead(
              traits, random.nextInt(2), from, tag, to, 4 * random.nextInt(1024), be);
      case 4 ->
          new Tlp.ConfigWrite(
              traits,
              random.nextInt(2),
              from,
              tag,
              to,
              4 * random.nextInt(1024),
              be,
              data(random, 1));
      case 5 -> new Tlp.IoRead(traits, from, tag, port, be);
      case 6 -> new Tlp.IoWrite(traits, from, tag, port, be, data(random, 1));
      case 7 ->
          new Tlp.Message(
              traits,
              random.nextInt(8),
              from,
              tag,
              random.nextInt(256),
              random.nextLong(),
              random.nextBoolean() ? TlpData.NONE : data(random, 1 + random.nextInt(1024)));
      default -> completion(random, traits, from, to, tag);
    };
  }

  private static Tlp memoryRead(Random random, TlpTraits traits, int from, int tag) {
    long start = address(random, 1);
    int bytes = random.nextInt(4097 - (int) (start & 0xFFF));
    Tlp.MemoryRead plain = new Tlp.MemoryRead(from, tag, start, bytes);
    boolean hinted = traits.hint().present();
    return new Tlp.MemoryRead(
        traits,
        random.nextBoolean(),
        from,
        tag,
        plain.address(),
        plain.lengthDw(),
        hinted ? 0xF : plain.firstBe(),
        !hinted ? plain.lastBe() : plain.lengthDw() == 1 ? 0 : 0xF);
  }

  private static Tlp memoryWrite(Random random, TlpTraits traits, int from, int tag) {
    long start = address(random, 1);
    byte[] bytes = new byte[1 + random.nextInt(4096 - (int) (start & 0xFFF))];
    random.nextBytes(bytes);
    Tlp.MemoryWrite plain = new Tlp.MemoryWrite(from, start, bytes);
    return new Tlp.MemoryWrite(
        traits, from, tag, plain.address(), plain.firstBe(), plain.lastBe(), plain.data());
  }

  private static Tlp atomic(Random random, TlpTraits traits, int from, int tag) {
    int kind = random.nextInt(3);
    int operandBytes = 4 << random.nextInt(kind == 2 ? 3 : 2);
    int lengthDw = (kind == 2 ? 2 : 1) * operandBytes / 4;
    int type = new int[] {TlpType.FETCHADD32, TlpType.SWAP32, TlpType.CAS32}[kind];
    long at = address(random, operandBytes);
    return new Tlp.AtomicOp(traits, type, from, tag, at, data(random, lengthDw));
  }

  private static Tlp completion(Random random, TlpTraits traits, int from, int to, int tag) {
    boolean locked = random.nextBoolean();
    int lower = random.nextInt(128);
    int count = 1 + random.nextInt(4096);
    int most = Math.min(1024, ((lower & 3) + count + 3) / 4);
    TlpData data = random.nextBoolean() ? TlpData.NONE : data(random, 1 + random.nextInt(most));
    int status = random.nextInt(8);
    boolean bcm = random.nextInt(8) == 0;
    return new Tlp.Completion(traits, locked, from, to, tag, status, bcm, count, lower, data);
  }

  /** Half of them below 4 GiB; above, never below by accident. */
  private static long address(Random random, int align) {
    long low = random.nextInt() & 0xFFFF_FFFFL & -align;
    return random.nextBoolean() ? low : low | 1 + random.nextLong(0xFFFF_FFFFL) << 32;
  }

  private static TlpData data(Random random, int lengthDw) {
    byte[] bytes = new byte[4 * lengthDw];
    random.nextBytes(bytes);
    return TlpData.of(bytes);
  }

  private static TlpTraits traits(Random random) {
    if (random.nextBoolean()) {
      return TlpTraits.PLAIN;
    }
    int locals = random.nextInt(3);
    int[] prefixes =
        IntStream.range(0, locals + random.nextInt(3))
            .map(i -> (i < locals ? 0x80 : 0x90) << 24 | random.nextInt() & 0x0FFF_FFFF)
            .toArray();
    return new TlpTraits(
        random.nextInt(8),
        random.nextInt(8),
        random.nextInt(4),
        TlpHint.NONE,
        random.nextBoolean(),
        random.nextBoolean(),
        IntStream.of(prefixes).boxed().toList(),
        random.nextBoolean() ? OptionalInt.empty() : OptionalInt.of(random.nextInt()));
  }

  private static TlpTraits withHint(Random random, TlpTraits t, boolean tagInEnables) {
    if (random.nextInt(4) != 0) {
      return t;
    }
    int st = tagInEnables ? random.nextInt(256) : 0;
    TlpHint hint = new TlpHint(true, random.nextInt(4), st);
    return new TlpTraits(
        t.trafficClass(),
        t.attributes(),
        t.addressType(),
        hint,
        t.ln(),
        t.poisoned(),
        t.prefixes(),
        t.digest());
  }
}
