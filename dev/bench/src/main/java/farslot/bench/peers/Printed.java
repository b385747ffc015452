package farslot.bench.peers;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds operations a second in what programs of others print. */
final class Printed {
  /** Fields of fio's terse output, version 3, counted from 0. */
  private static final int FIO_READ_IOPS = 7;

  private static final int FIO_WRITE_IOPS = 48;

  /** It prints its progress over and over: the last one counts. */
  private static final Pattern ISCSI = Pattern.compile("iops average (\\d+)");

  private static final Pattern SPDK =
      Pattern.compile("^Total\\s*:\\s*([\\d.]+)", Pattern.MULTILINE);

  private Printed() {}

  static double byFio(String text, boolean write) {
    for (String line : text.lines().toList()) {
      String[] fields = line.split(";", -1);
      if (line.startsWith("3;") && fields.length > FIO_WRITE_IOPS) {
        return Double.parseDouble(fields[write ? FIO_WRITE_IOPS : FIO_READ_IOPS]);
      }
    }
    throw unknown("fio", text);
  }

  static double byIscsiPerf(String text) {
    return last("iscsi-perf", ISCSI, text);
  }

  static double bySpdk(String text) {
    return last("spdk_nvme_perf", SPDK, text);
  }

  private static double last(String program, Pattern pattern, String text) {
    Matcher matcher = pattern.matcher(text);
    double found = Double.NaN;
    while (matcher.find()) {
      found = Double.parseDouble(matcher.group(1));
    }
    if (Double.isNaN(found)) {
      throw unknown(program, text);
    }
    return found;
  }

  private static IllegalStateException unknown(String program, String text) {
    return new IllegalStateException(program + " printed something unknown: " + text.strip());
  }
}
