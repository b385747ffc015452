package farslot.cli;

import static org.assertj.core.api.Assertions.assertThat;

import farslot.appliance.Appliance;
import farslot.appliance.ApplianceConfig;
import farslot.fabric.software.PciDevice;
import farslot.fabric.software.VirtioDriver;
import farslot.initiator.InitiatorConfig;
import farslot.initiator.SoftwareServer;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A virtio disk over real TCP, with the guide for its queues and without. */
@Timeout(300)
class VirtioTest {
  private static final long SECONDS = 120;
  private static final int SECTOR = 512;
  private static final int PAGE = 4096;
  private static final int DEPTH = 32;
  private static final int DISK_BYTES = 1 << 20;

  @TempDir Path dir;
  private final List<AutoCloseable> open = new ArrayList<>();
  private SoftwareServer server;
  private VirtioDriver driver;
  private long data;

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable each : open.reversed()) {
      each.close();
    }
  }

  private void start(boolean guided) throws Exception {
    Appliance appliance = appliance();
    open.add(appliance);
    Map<String, Object> values =
        Map.of(
            "name",
            "a",
            "appliance",
            "127.0.0.1:" + appliance.port(),
            "run-dir",
            dir.toString(),
            "guides",
            guided,
            "functions",
            List.of("disk0"));
    server = new SoftwareServer(InitiatorConfig.of("test", values), 4 << 20);
    open.add(server);
    server.boot(SECONDS);
    data = server.memory().allocate(DEPTH * PAGE);
    PciDevice device = server.devices().get(0);
    driver =
        server.ask(
            SECONDS,
            end -> {
              VirtioDriver made =
                  new VirtioDriver(device, server.memory(), server.agent(), 2 * DEPTH);
              made.start(
                  problem -> {
                    if (problem == null) {
                      end.complete(made);
                    } else {
                      end.completeExceptionally(new IllegalStateException(problem));
                    }
                  });
            });
    assertThat(driver.sectors()).isEqualTo(DISK_BYTES / SECTOR);
  }

  private Appliance appliance() throws IOException {
    Map<String, Object> slot =
        Map.of("name", "disk0", "card", "virtio-blk", "serial", "V1", "ram", DISK_BYTES);
    Map<String, Object> values =
        Map.of(
            "listen", "127.0.0.1:0",
            "state-dir", dir.resolve("state").toString(),
            "slots", List.of(slot));
    Appliance appliance = new Appliance(ApplianceConfig.of("test", values));
    appliance.start();
    return appliance;
  }

  private interface Begin {
    void begin(VirtioDriver.Done done);
  }

  /** One request, waited for; returns how many TLPs the server has sent for it. */
  private long run(Begin what) throws Exception {
    long before = sent();
    int status = this.<Integer>ask(end -> what.begin((cookie, result) -> end.complete(result)));
    assertThat(status).isZero();
    return sent() - before;
  }

  private <T> T ask(SoftwareServer.Work<T> work) throws Exception {
    return server.ask(SECONDS, work);
  }

  private long sent() throws Exception {
    return this.<Long>ask(
        end ->
            end.complete(
                server.initiator().session().orElseThrow().counters().snapshot().get("tlps_sent")));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void oneRoundTripARequest(boolean guided) throws Exception {
    start(guided);
    long reads = 0;
    long writes = 0;
    long flushes = 0;
    for (int i = 0; i < 100; i++) {
      int sector = 8 * i;
      writes += run(done -> driver.write(sector, PAGE, data, done, 0));
      reads += run(done -> driver.read(sector, PAGE, data, done, 0));
      flushes += run(done -> driver.flush(done, 0));
    }
    // The notification; without a guide also answers to reads of index, entry, descriptor, table,
    // header and, for a write, the data. A push may be left out on a bad day: it is an offer.
    assertTlps(reads, guided ? 100 : 600);
    assertTlps(writes, guided ? 100 : 700);
    assertTlps(flushes, guided ? 100 : 600);
  }

  private static void assertTlps(long sent, int expected) {
    assertThat(sent).as("TLPs of 100 requests").isBetween((long) expected, expected + 20L);
  }

  /** Random reads and writes, many at a time, each checked against what was written before. */
  private final class Mixed {
    private final Random random;
    private final CompletableFuture<Void> end;
    private final byte[][] disk = new byte[DEPTH][DISK_BYTES / DEPTH];
    private final MemorySegment ram = server.memory().segment();
    private final int[] at = new int[DEPTH];
    private final boolean[] writes = new boolean[DEPTH];
    private final byte[] buffer = new byte[PAGE];
    private int left;
    private int underWay;

    Mixed(long seed, int count, CompletableFuture<Void> end) {
      random = new Random(seed);
      left = count;
      this.end = end;
      for (int slot = 0; slot < DEPTH; slot++) {
        next(slot);
      }
    }

    /** Each slot has a part of the disk for itself, and a page of memory that it uses again. */
    private void next(int slot) {
      if (left-- <= 0) {
        if (underWay == 0) {
          end.complete(null);
        }
        return;
      }
      underWay++;
      at[slot] = random.nextInt(DISK_BYTES / DEPTH / PAGE) * PAGE;
      writes[slot] = random.nextBoolean();
      long place = data + (long) slot * PAGE;
      random.nextBytes(buffer);
      MemorySegment.copy(buffer, 0, ram, ValueLayout.JAVA_BYTE, place, PAGE);
      long sector = ((long) slot * (DISK_BYTES / DEPTH) + at[slot]) / SECTOR;
      if (writes[slot]) {
        System.arraycopy(buffer, 0, disk[slot], at[slot], PAGE);
        driver.write(sector, PAGE, place, this::ended, slot);
      } else {
        driver.read(sector, PAGE, place, this::ended, slot);
      }
    }

    private void ended(long cookie, int status) {
      int slot = (int) cookie;
      underWay--;
      if (status != 0 || !writes[slot] && !matches(slot)) {
        end.completeExceptionally(
            new AssertionError("slot " + slot + " at " + at[slot] + ", status " + status));
      } else {
        next(slot);
      }
    }

    private boolean matches(int slot) {
      MemorySegment.copy(ram, ValueLayout.JAVA_BYTE, data + (long) slot * PAGE, buffer, 0, PAGE);
      return Arrays.equals(buffer, 0, PAGE, disk[slot], at[slot], at[slot] + PAGE);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void manyAtATime(boolean guided) throws Exception {
    start(guided);
    this.<Void>ask(end -> new Mixed(7, 20_000, end));
  }
}
