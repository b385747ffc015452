package farslot.cli;

import farslot.cli.output.ExitCode;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;

/**
 * Standard output that remembers whether it could be written: who asked for an answer and did not
 * get it, because a disk is full, must not read from the exit status that all is well.
 */
final class StandardOutput extends OutputStream {
  private static final int BUFFER_BYTES = 8192;

  private final OutputStream out;
  private IOException failed;

  StandardOutput(OutputStream out) {
    this.out = out;
  }

  /** Puts it in place of the JVM's. */
  static StandardOutput install() {
    StandardOutput output = new StandardOutput(new FileOutputStream(FileDescriptor.out));
    System.setOut(
        new PrintStream(
            new BufferedOutputStream(output, BUFFER_BYTES), true, System.out.charset()));
    return output;
  }

  /**
   * The exit status, when all has been said.
   *
   * @param code what it is if all could be written
   */
  int ended(int code) {
    System.out.flush();
    // Who has read enough has closed the pipe: that is no failure.
    boolean lost = failed != null && !String.valueOf(failed.getMessage()).contains("Broken pipe");
    if (lost && code == ExitCode.OK) {
      System.err.println("farslot: the answer could not be written");
      System.err.println("  why:  " + failed.getMessage());
      return ExitCode.FAILED;
    }
    return code;
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    try {
      out.write(bytes, offset, length);
    } catch (IOException e) {
      failed = e;
      throw e;
    }
  }
}
