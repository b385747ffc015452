package farslot.cli.fabric;

import farslot.api.ApiError;
import farslot.api.ApiException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.ObjectNode;

/** How much a function may carry. */
public final class QosOption {
  private static final Pattern AMOUNT = Pattern.compile("([0-9]{1,15})(k|M|G|T)?(i)?(B|bit)?(/s)?");
  private static final int CLASS_MAX = 7;

  @Option(
      names = "--committed",
      paramLabel = "RATE",
      description = "What it can count on, a second, each way: 100MB, 1Gbit.")
  private String committed;

  @Option(
      names = "--peak",
      paramLabel = "RATE",
      description = "What it never exceeds, a second, each way: 250MB, 2Gbit.")
  private String peak;

  @Option(
      names = "--burst",
      paramLabel = "SIZE",
      description = "How much it may carry above its rate for a moment: 1MiB.")
  private String burst;

  @Option(
      names = "--class",
      paramLabel = "N",
      description = "Its class, 0 to 7; the highest is served first.")
  private Integer trafficClass;

  /** Adds {@code qos}, if anything of it was said. */
  void put(ObjectNode body) throws ApiException {
    if (committed == null && peak == null && burst == null && trafficClass == null) {
      return;
    }
    ObjectNode qos = body.putObject("qos");
    qos.put("committed-bytes-per-second", bytes("--committed", committed));
    qos.put("peak-bytes-per-second", bytes("--peak", peak));
    qos.put("burst-bytes", bytes("--burst", burst));
    int asked = trafficClass == null ? 0 : trafficClass;
    if (asked < 0 || asked > CLASS_MAX) {
      throw wrong("--class", String.valueOf(asked), "a number from 0 to " + CLASS_MAX);
    }
    qos.put("traffic-class", asked);
  }

  /** {@code 250MB} is 250 000 000, {@code 1MiB} 1 048 576, {@code 1Gbit} 125 000 000. */
  static long bytes(String option, String text) throws ApiException {
    if (text == null) {
      return 0;
    }
    Matcher amount = AMOUNT.matcher(text);
    String shape = "an amount such as 100MB, 1MiB or 2Gbit";
    if (!amount.matches() || (amount.group(3) != null && amount.group(2) == null)) {
      throw wrong(option, text, shape);
    }
    long base = amount.group(3) == null ? 1000 : 1024;
    int power = amount.group(2) == null ? 0 : "kMGT".indexOf(amount.group(2)) + 1;
    try {
      long whole = Long.parseLong(amount.group(1));
      for (int i = 0; i < power; i++) {
        whole = Math.multiplyExact(whole, base);
      }
      return "bit".equals(amount.group(4)) ? whole / Byte.SIZE : whole;
    } catch (ArithmeticException e) {
      throw wrong(option, text, shape.toLowerCase(Locale.ROOT));
    }
  }

  private static ApiException wrong(String option, String text, String shape) {
    return new ApiException(
        ApiError.BAD_REQUEST,
        "%s should be %s".formatted(option, shape),
        "it is '" + text + "'",
        "");
  }
}
