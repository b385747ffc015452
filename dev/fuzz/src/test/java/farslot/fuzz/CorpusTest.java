package farslot.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import farslot.chance.Fuzz;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * All that the fuzzer has found, and inputs near it: in seconds what {@code make fuzz TARGET=...}
 * does for as long as one likes.
 */
class CorpusTest {
  private static final int MUTATIONS = 200;

  static Iterable<String> targets() {
    return Targets.names();
  }

  private static List<byte[]> inputs(String name) throws Exception {
    List<byte[]> inputs = new ArrayList<>(Targets.of(name).seeds());
    inputs.addAll(Corpus.read(Path.of("corpus", name + ".hex")));
    return inputs;
  }

  @ParameterizedTest
  @MethodSource("targets")
  void whatWasFoundIsNotFoundAgain(String name) throws Exception {
    Target target = Targets.of(name);
    for (byte[] input : inputs(name)) {
      run(name, target, input);
    }
  }

  @ParameterizedTest
  @MethodSource("targets")
  void norIsAnythingNearIt(String name) throws Exception {
    Target target = Targets.of(name);
    List<byte[]> inputs = inputs(name);
    assertThat(inputs).isNotEmpty();
    Fuzz.run(
        MUTATIONS,
        (random, iterations) -> {
          for (int i = 0; i < iterations; i++) {
            run(name, target, mutated(inputs, random));
          }
        });
  }

  private static void run(String name, Target target, byte[] input) {
    try {
      target.run(input);
    } catch (Exception | Error e) {
      throw new AssertionError(name + " fails with " + HexFormat.of().formatHex(input), e);
    }
  }

  private static byte[] mutated(List<byte[]> inputs, SplittableRandom random) {
    byte[] bytes = inputs.get(random.nextInt(inputs.size())).clone();
    if (random.nextInt(4) == 0) {
      byte[] other = inputs.get(random.nextInt(inputs.size()));
      int keep = random.nextInt(bytes.length + 1);
      int from = random.nextInt(other.length + 1);
      bytes = java.util.Arrays.copyOf(bytes, keep + other.length - from);
      System.arraycopy(other, from, bytes, keep, other.length - from);
    }
    for (int i = random.nextInt(4); i > 0 && bytes.length > 0; i--) {
      int at = random.nextInt(bytes.length);
      bytes[at] =
          (byte) (random.nextBoolean() ? bytes[at] ^ 1 << random.nextInt(8) : Fuzz.edgy(random));
    }
    return bytes;
  }
}
