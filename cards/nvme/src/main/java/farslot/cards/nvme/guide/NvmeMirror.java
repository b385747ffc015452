package farslot.cards.nvme.guide;

import farslot.cards.nvme.spec.Property;
import farslot.function.MirrorGuide;
import farslot.function.MirrorPort;

/**
 * Keeps a mirror for an NVMe controller that has its server's memory only there: {@link
 * MirroredSubmissions} what it will read, {@link MirroredCompletions} what it has written.
 */
final class NvmeMirror implements MirrorGuide {
  static final int BAR = 0;

  private final ControllerSetup setup = new ControllerSetup();
  private final MirroredSubmissions submissions;
  private final MirroredCompletions completions;
  private final Namespaces namespaces;
  private int stride = 4;

  NvmeMirror(MirrorPort port) {
    MirrorEyes eyes = new MirrorEyes(port.memory());
    namespaces = new Namespaces(eyes);
    completions = new MirroredCompletions(port, eyes, namespaces);
    submissions = new MirroredSubmissions(port, eyes, namespaces, completions);
  }

  @Override
  public void reset() {
    setup.reset();
    close();
  }

  private void close() {
    submissions.close();
    completions.close();
    namespaces.begin(0, 0);
  }

  @Override
  public boolean onWrite(int bar, long offset, int bytes, long value) {
    if (bar != BAR || bytes < 4 || (offset & 3) != 0) {
      return false;
    }
    if (offset < Property.DOORBELLS) {
      register((int) offset, (int) value);
      if (bytes == 8) {
        register((int) offset + 4, (int) (value >>> 32));
      }
      return false;
    }
    long at = offset - Property.DOORBELLS;
    boolean tail = bytes == 4 && at % (2L * stride) == 0;
    int id = (int) Math.min(at / (2L * stride), Integer.MAX_VALUE);
    return tail && submissions.rung(id, (int) value & 0xFFFF, offset);
  }

  private void register(int offset, int value) {
    if (!setup.write(offset, value)) {
      return;
    }
    close();
    if (setup.isOn()) {
      submissions.open(setup.asq(), setup.sqEntries(), setup.pageBytes());
      completions.open(0, setup.acq(), setup.cqEntries());
      namespaces.begin(setup.acq(), setup.cqEntries());
    }
  }

  /** Every driver reads CAP before it does anything. */
  @Override
  public void onRead(int bar, long offset, int bytes, long value) {
    if (bar == BAR && offset == Property.CAP && bytes == 8) {
      stride = MirroredSubmissions.stride(value);
    } else if (bar == BAR && offset == Property.CAP + 4 && bytes == 4) {
      stride = MirroredSubmissions.stride(value << 32);
    }
  }

  @Override
  public boolean look() {
    return completions.look(submissions);
  }

  @Override
  public void fetched(long cookie, boolean ok) {
    submissions.fetched(cookie, ok);
  }
}
