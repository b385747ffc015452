package farslot.control;

import farslot.capture.FrameRing;
import farslot.capture.Recording;
import farslot.capture.Tap;
import farslot.capture.TlpFilter;
import farslot.function.CardConfig;
import farslot.function.CardConfigException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * Answers {@code capture} with a pcapng stream, until who asked has enough or ends writing. When it
 * reads too slowly, frames are dropped and the stream says how many.
 */
final class CaptureService implements ControlCommand {
  private static final int POLL_FRAMES = 256;

  /** Between two looks at a ring that was empty: it fills in 13 ms at 10 Gb/s. */
  private static final long PAUSE_MS = 1;

  private static final long SECONDS_MAX = 365L * 24 * 3600;

  private final Watched watched;
  private final LinkWatch streams;
  private final Tap tap;
  private final DataThread data;
  private final LongSupplier clock;

  CaptureService(Watched watched, LinkWatch streams, Tap tap, DataThread data, LongSupplier clock) {
    this.watched = watched;
    this.streams = streams;
    this.tap = tap;
    this.data = data;
    this.clock = clock;
  }

  @Override
  public void run(CardConfig arguments, ControlReply reply)
      throws CardConfigException, IOException, InterruptedException {
    Recording.Options options = options(arguments);
    long seconds = arguments.number("seconds", SECONDS_MAX, 1, SECONDS_MAX);
    arguments.finish();
    FrameRing ring = new FrameRing(FrameRing.BYTES_USUAL);
    if (!data.ask(() -> tap.add(ring))) {
      reply.refuse("there are " + Tap.CAPTURES_MAX + " captures already");
      return;
    }
    try {
      OutputStream out = reply.accept(Map.of("kind", watched.kind(), "name", watched.name()));
      String comment = watched.kind() + " " + watched.name() + "\n" + streams.words();
      Recording recording = new Recording(out, options, streams, comment);
      record(ring, recording, out, reply, clock.getAsLong() + seconds * 1_000_000_000);
      recording.finish(ring.frames(), ring.dropped(), clock.getAsLong());
      out.flush();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    } finally {
      data.tell(() -> tap.remove(ring));
    }
  }

  private void record(
      FrameRing ring, Recording recording, OutputStream out, ControlReply reply, long endNs)
      throws IOException, InterruptedException {
    out.flush(); // Who reads sees at once that it has begun.
    while (!recording.complete() && !reply.stopped() && clock.getAsLong() < endNs) {
      if (ring.poll(recording, POLL_FRAMES) == 0) {
        out.flush();
        Thread.sleep(PAUSE_MS);
      }
    }
    // What was there when the end was called belongs to it.
    ring.poll(recording, Integer.MAX_VALUE);
  }

  private Recording.Options options(CardConfig arguments) throws CardConfigException {
    String as = arguments.string("as", "pcieoe");
    Recording.Format format;
    try {
      format = Recording.Format.valueOf(as.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw arguments.wrong("as", "pcieoe or nettlp");
    }
    String types = arguments.string("types", "");
    Set<String> names = types.isEmpty() ? Set.of() : Set.of(types.split(","));
    TlpFilter filter = new TlpFilter(names, range(arguments));
    long count = arguments.number("count", Long.MAX_VALUE, 1, Long.MAX_VALUE);
    Instant now = Instant.now();
    long wallNs = now.getEpochSecond() * 1_000_000_000 + now.getNano();
    return new Recording.Options(
        format,
        arguments.string("function", ""),
        filter,
        count,
        wallNs - clock.getAsLong(),
        watched.kind().equals("appliance"));
  }

  private static TlpFilter.Range range(CardConfig arguments) throws CardConfigException {
    if (!arguments.has("low") && !arguments.has("high")) {
      return null;
    }
    return new TlpFilter.Range(address(arguments, "low"), address(arguments, "high"));
  }

  private static long address(CardConfig arguments, String key) throws CardConfigException {
    try {
      return Long.parseUnsignedLong(arguments.string(key), 16);
    } catch (NumberFormatException e) {
      throw arguments.wrong(key, "an address in hexadecimal");
    }
  }
}
