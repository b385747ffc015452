package farslot.cli;

/** The command {@code farslot}. */
public final class Main {
  private Main() {}

  /** Runs a subcommand and exits with its status. */
  public static void main(String[] args) {
    System.err.println("farslot: nothing here yet");
    System.exit(1);
  }
}
