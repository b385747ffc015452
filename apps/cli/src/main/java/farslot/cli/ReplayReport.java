package farslot.cli;

import farslot.cli.output.OutputOption;
import farslot.replay.ConversationReader;
import farslot.replay.Difference;
import farslot.replay.Report;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Says what became of a replay, to people or to programs. */
final class ReplayReport {
  /** Differences in a table: the first ones tell, the others follow from them. */
  private static final int SHOWN_MAX = 50;

  private ReplayReport() {}

  static void print(
      Report report, ConversationReader.Contents contents, OutputOption output, PrintStream out) {
    output.print(
        out,
        json(report, contents),
        () -> List.of(report.function()),
        () -> table(report, contents, out));
  }

  private static Map<String, Object> json(Report report, ConversationReader.Contents contents) {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("function", report.function());
    all.put("packets", contents.packets());
    all.put("missing_frames", contents.missingFrames());
    all.put("said", report.said());
    all.put("said_of", report.saidOf());
    all.put("same", report.same());
    all.put("same_of", report.sameOf());
    all.put("difference_count", report.differenceCount());
    all.put("duration_ms", report.durationNs() / 1_000_000);
    all.put("notes", report.notes());
    List<Map<String, Object>> differences = new ArrayList<>();
    for (Difference each : report.differences()) {
      Map<String, Object> difference = new LinkedHashMap<>();
      difference.put("kind", each.kind().name().toLowerCase(Locale.ROOT));
      difference.put("packet", each.packet());
      difference.put("at_us", each.atNs() / 1000);
      difference.put("what", each.what());
      difference.put("captured", each.captured());
      difference.put("replayed", each.replayed());
      differences.add(difference);
    }
    all.put("differences", differences);
    return all;
  }

  private static void table(Report report, ConversationReader.Contents contents, PrintStream out) {
    for (Difference each : report.differences().stream().limit(SHOWN_MAX).toList()) {
      out.printf(
          "packet %d, at %.6f s: %s: %s%n",
          each.packet(), each.atNs() / 1e9, words(each.kind()), each.what());
      line(out, "captured", each.captured());
      line(out, "replayed", each.replayed());
    }
    if (report.differenceCount() > SHOWN_MAX) {
      out.printf("... and %d more%n", report.differenceCount() - SHOWN_MAX);
    }
    if (contents.missingFrames() > 0) {
      out.printf("note: %d frames are missing from the capture%n", contents.missingFrames());
    }
    report.notes().forEach(note -> out.println("note: " + note));
    out.printf(
        "%s: %d of %d TLPs said, %d of %d answers and requests of the card the same, %d differences%n",
        report.function(),
        report.said(),
        report.saidOf(),
        report.same(),
        report.sameOf(),
        report.differenceCount());
  }

  private static void line(PrintStream out, String which, String what) {
    if (!what.isEmpty()) {
      out.printf("  %s: %s%n", which, what);
    }
  }

  private static String words(Difference.Kind kind) {
    return switch (kind) {
      case ANSWER -> "another answer";
      case NO_ANSWER -> "no answer";
      case ANSWERED -> "an answer where there was none";
      case DATA -> "other data";
      case MISSING -> "not done";
      case EXTRA -> "not in the capture";
    };
  }
}
