package farslot.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.text.ParseException;
import jdk.jfr.Configuration;
import jdk.jfr.Recording;

/** Records what the virtual machine does during a run, for JDK Mission Control or {@code jfr}. */
public final class Profile implements AutoCloseable {
  /** By processor time, the kernel's included: a thread that sleeps is not in it. */
  private static final String SAMPLES = "jdk.CPUTimeSample";

  private final Recording recording;
  private final Path to;

  private Profile(Recording recording, Path to) {
    this.recording = recording;
    this.to = to;
  }

  /**
   * Begins to record.
   *
   * @param to the file that {@link #close} writes
   */
  public static Profile start(Path to) throws IOException {
    try {
      Recording recording = new Recording(Configuration.getConfiguration("profile"));
      recording.setName("farslot bench");
      recording.enable(SAMPLES).with("throttle", "2ms");
      recording.start();
      return new Profile(recording, to);
    } catch (ParseException e) {
      throw new IOException("the JDK's own settings cannot be read", e);
    }
  }

  @Override
  public void close() throws IOException {
    recording.stop();
    recording.dump(to);
    recording.close();
  }
}
