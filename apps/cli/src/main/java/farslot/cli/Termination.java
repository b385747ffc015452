package farslot.cli;

import farslot.cli.output.ExitCode;

/** SIGTERM and SIGINT end a program in order, with status 0. */
final class Termination {
  private volatile int status = ExitCode.OK;

  private Termination() {}

  /** Closes this when the process is asked to end, or ends by itself. */
  static Termination closeOnSignal(AutoCloseable program) {
    Termination termination = new Termination();
    Thread hook = new Thread(() -> termination.close(program), "termination");
    Runtime.getRuntime().addShutdownHook(hook);
    return termination;
  }

  /** The program has ended by itself, with this status. */
  int ended(int with) {
    status = with;
    return with;
  }

  private void close(AutoCloseable program) {
    try {
      program.close();
    } catch (Exception e) {
      System.err.println("farslot: stopping: " + e);
      status = ExitCode.FAILED;
    }
    // The JVM would report the signal (143); who sends SIGTERM wants to know whether it went well.
    Runtime.getRuntime().halt(status);
  }
}
