package farslot.cli.output;

/** What the command's exit status says. */
public final class ExitCode {
  public static final int OK = 0;
  public static final int FAILED = 1;
  public static final int USAGE = 2;
  public static final int NOT_FOUND = 3;
  public static final int CONFLICT = 4;
  public static final int UNREACHABLE = 5;
  public static final int TIMED_OUT = 6;

  public static final String TABLE =
      """
      0  done
      1  failed
      2  wrong use or configuration
      3  not found
      4  conflict: in use by somebody else
      5  unreachable
      6  timed out
      """;

  private ExitCode() {}
}
