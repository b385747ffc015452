package farslot.cli;

import farslot.api.ApiException;
import farslot.appliance.StateInUseException;
import farslot.cli.output.ExitCode;
import farslot.config.ConfigException;
import farslot.linux.ErrnoException;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.BindException;
import java.net.ConnectException;
import java.nio.file.NoSuchFileException;
import java.util.concurrent.TimeoutException;

/** What is said, and which exit status it is, when a command has thrown something. */
final class Failures {
  // Linux error numbers that have a status of their own.
  private static final int ENOENT = 2;
  private static final int EADDRINUSE = 98;
  private static final int ENETUNREACH = 101;
  private static final int ETIMEDOUT = 110;
  private static final int ECONNREFUSED = 111;
  private static final int EHOSTUNREACH = 113;

  private Failures() {}

  /** Says what happened, why, and what to do next; three lines at most. */
  static int report(Exception thrown, PrintWriter err) {
    int code = of(thrown);
    if (thrown instanceof ApiException refused) {
      err.println("farslot: " + refused.what());
      line(err, "why:  ", refused.why());
      line(err, "next: ", refused.next());
      return code;
    }
    boolean expected = code != ExitCode.FAILED || thrown instanceof IOException;
    String words = thrown.getMessage();
    err.println("farslot: " + (expected && words != null ? words : thrown));
    if (thrown instanceof StateInUseException) {
      line(
          err,
          "next: ",
          "'farslot status' shows what runs; another one needs a --state-dir of its own");
    }
    if (!expected) {
      for (StackTraceElement at : thrown.getStackTrace()) {
        err.println("    at " + at);
      }
    }
    return code;
  }

  private static void line(PrintWriter err, String head, String text) {
    if (!text.isEmpty()) {
      err.println("  " + head + text);
    }
  }

  /** The exit status that says it. */
  static int of(Throwable thrown) {
    return switch (thrown) {
      case ApiException e -> e.error().exitCode();
      case ConfigException e -> ExitCode.USAGE;
      case StateInUseException e -> ExitCode.CONFLICT;
      case BindException e -> ExitCode.CONFLICT;
      case FunctionRefusedException e -> e.held() ? ExitCode.CONFLICT : ExitCode.FAILED;
      case ConnectException e -> ExitCode.UNREACHABLE;
      case NoSuchFileException e -> ExitCode.NOT_FOUND;
      case TimeoutException e -> ExitCode.TIMED_OUT;
      case ErrnoException e -> ofErrno(e.errno());
      default -> ExitCode.FAILED;
    };
  }

  private static int ofErrno(int errno) {
    return switch (errno) {
      case ENOENT -> ExitCode.NOT_FOUND;
      case EADDRINUSE -> ExitCode.CONFLICT;
      case ECONNREFUSED, ENETUNREACH, EHOSTUNREACH -> ExitCode.UNREACHABLE;
      case ETIMEDOUT -> ExitCode.TIMED_OUT;
      default -> ExitCode.FAILED;
    };
  }
}
