package farslot.cli;

import farslot.appliance.StateInUseException;
import farslot.config.ConfigException;
import farslot.linux.ErrnoException;
import java.net.BindException;
import java.net.ConnectException;
import java.nio.file.NoSuchFileException;
import java.util.concurrent.TimeoutException;

/** What the command's exit status says. */
final class ExitCode {
  static final int OK = 0;
  static final int FAILED = 1;
  static final int USAGE = 2;
  static final int NOT_FOUND = 3;
  static final int CONFLICT = 4;
  static final int UNREACHABLE = 5;
  static final int TIMED_OUT = 6;

  // Linux error numbers that have a status of their own.
  private static final int ENOENT = 2;
  private static final int EADDRINUSE = 98;
  private static final int ENETUNREACH = 101;
  private static final int ETIMEDOUT = 110;
  private static final int ECONNREFUSED = 111;
  private static final int EHOSTUNREACH = 113;

  static final String TABLE =
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

  static int of(Throwable thrown) {
    return switch (thrown) {
      case ConfigException e -> USAGE;
      case StateInUseException e -> CONFLICT;
      case BindException e -> CONFLICT;
      case FunctionRefusedException e -> e.held() ? CONFLICT : FAILED;
      case ConnectException e -> UNREACHABLE;
      case NoSuchFileException e -> NOT_FOUND;
      case TimeoutException e -> TIMED_OUT;
      case ErrnoException e -> ofErrno(e.errno());
      default -> FAILED;
    };
  }

  private static int ofErrno(int errno) {
    return switch (errno) {
      case ENOENT -> NOT_FOUND;
      case EADDRINUSE -> CONFLICT;
      case ECONNREFUSED, ENETUNREACH, EHOSTUNREACH -> UNREACHABLE;
      case ETIMEDOUT -> TIMED_OUT;
      default -> FAILED;
    };
  }
}
