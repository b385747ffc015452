package farslot.cli;

import farslot.appliance.StateInUseException;
import farslot.cli.output.ExitCode;
import farslot.config.ConfigException;
import farslot.linux.ErrnoException;
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

  /** The exit status that says it. */
  static int of(Throwable thrown) {
    return switch (thrown) {
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
