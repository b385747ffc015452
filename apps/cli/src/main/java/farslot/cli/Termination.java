package farslot.cli;

/** SIGTERM and SIGINT end a program in order, with status 0. */
final class Termination {
  private Termination() {}

  /** Closes this when the process is asked to end. */
  static void closeOnSignal(AutoCloseable program) {
    Runtime.getRuntime().addShutdownHook(new Thread(() -> close(program), "termination"));
  }

  private static void close(AutoCloseable program) {
    int status = ExitCode.OK;
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
