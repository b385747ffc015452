package farslot.backend.serial;

import farslot.function.SerialSettings;
import farslot.linux.ErrnoException;
import farslot.linux.EventLoop;
import farslot.linux.Fd;
import farslot.linux.OpenWatch;
import farslot.linux.PseudoTerminal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * A pseudo-terminal, by a name that stays: programs open it as they open a serial port. CTS, DSR
 * and DCD are on while a program has it open.
 */
public final class PtyLine extends DescriptorLine {
  private static final String TERMINALS = "/dev/pts/";

  private final Path link;
  private final boolean heedsRts;
  private final PseudoTerminal terminal;
  private final OpenWatch opened;
  private boolean rts;

  /**
   * Makes one.
   *
   * @param link where its name is to be; a symbolic link to another pseudo-terminal is replaced
   * @param heedsRts whether bytes wait while RTS is off
   * @throws IOException in words, when the name cannot be had
   */
  public PtyLine(EventLoop loop, Path link, boolean heedsRts) throws IOException {
    super(loop);
    this.link = link;
    this.heedsRts = heedsRts;
    terminal = PseudoTerminal.open();
    OpenWatch watch = null;
    try {
      watch = new OpenWatch(terminal.path());
      name();
    } catch (IOException e) {
      Fd.close(terminal.fd());
      if (watch != null) {
        watch.close();
      }
      throw e;
    }
    opened = watch;
  }

  private void name() throws IOException {
    if (Files.exists(link, java.nio.file.LinkOption.NOFOLLOW_LINKS) && !isTerminal(link)) {
      throw new IOException(link + " is there and is not one of our names for a terminal");
    }
    if (link.toAbsolutePath().getParent() != null) {
      Files.createDirectories(link.toAbsolutePath().getParent());
    }
    // Never is there a moment without a name, so that who reopens it finds it.
    Path fresh = Path.of(link + ".new");
    Files.deleteIfExists(fresh);
    Files.createSymbolicLink(fresh, Path.of(terminal.path()));
    Files.move(fresh, link, StandardCopyOption.ATOMIC_MOVE);
  }

  private static boolean isTerminal(Path link) throws IOException {
    return Files.isSymbolicLink(link)
        && Files.readSymbolicLink(link).toString().startsWith(TERMINALS);
  }

  @Override
  void onOpen() {
    loop.watch(opened.fd(), EventLoop.READ, ready -> onOpened());
    onOpened();
  }

  private void onOpened() {
    try {
      if (opened.drain()) {
        look();
      }
    } catch (ErrnoException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void look() throws ErrnoException {
    if (!isThere() && terminal.isOpen()) {
      enter(terminal.fd());
      listener.onLines(true, true, false, true);
    }
  }

  @Override
  void onGone(String why) {
    listener.onLines(false, false, false, false);
    try {
      terminal.discard();
      // That was us; or somebody else as well, who then has it open, or will tell again.
      opened.drain();
      look();
    } catch (ErrnoException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  boolean mayReceive() {
    return rts || !heedsRts;
  }

  @Override
  public void lines(boolean dtr, boolean newRts) {
    rts = newRts;
    resume();
  }

  @Override
  public void settings(SerialSettings settings) {}

  @Override
  public void sendBreak(boolean on) {}

  @Override
  void release() {
    if (loop.onLoop()) {
      loop.unwatch(opened.fd());
    }
    opened.close();
    Fd.close(terminal.fd());
    try {
      if (isTerminal(link) && Files.readSymbolicLink(link).toString().equals(terminal.path())) {
        Files.delete(link);
      }
    } catch (IOException e) {
      // A name that leads nowhere is replaced the next time.
    }
  }

  @Override
  public String toString() {
    return link + " (" + terminal.path() + "), " + (isThere() ? "open" : "not open");
  }
}
