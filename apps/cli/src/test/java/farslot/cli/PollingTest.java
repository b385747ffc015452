package farslot.cli;

import static org.assertj.core.api.Assertions.assertThat;

import farslot.appliance.Appliance;
import farslot.appliance.ApplianceConfig;
import farslot.fabric.RootPort;
import farslot.fabric.software.NvmeDriver;
import farslot.fabric.software.PciDevice;
import farslot.initiator.InitiatorConfig;
import farslot.initiator.SoftwareServer;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A server polls a drive in an appliance, over TCP: what the drive has told is not asked for, and a
 * read behind a write still goes there. Seen by what is counted on the wire.
 */
@Timeout(300)
class PollingTest {
  private static final long SECONDS = 120;
  private static final int CAP = 0x00;
  private static final int INTMS = 0x0C;
  private static final int CSTS = 0x1C;
  private static final int POLLS = 10_000;

  @TempDir Path dir;

  private SoftwareServer server;
  private PciDevice device;

  private long tlpsSent() {
    return server.initiator().session().orElseThrow().counters().snapshot().get("tlps_sent");
  }

  private long local(String name) {
    RootPort port = server.initiator().ports().getFirst();
    return port.localCounts().get(name);
  }

  private interface Reading {
    void begin(farslot.fabric.LocalFunction.ReadDone done);
  }

  private int ask(Reading reading) throws Exception {
    return server.<Integer>ask(
        SECONDS,
        end ->
            reading.begin(
                (cookie, from, offset, bytes) ->
                    end.complete(from.get(ValueLayout.JAVA_INT_UNALIGNED, offset))));
  }

  private int register(int offset) throws Exception {
    return ask(done -> device.read(0, offset, 4, done, 0));
  }

  /** Reads as fast as answers come, and ends when all have come. */
  private void poll(int offset) throws Exception {
    server.<Void>ask(
        SECONDS,
        end -> {
          for (int i = 0; i < POLLS; i++) {
            boolean last = i == POLLS - 1;
            device.read(
                0,
                offset,
                4,
                (cookie, from, at, bytes) -> {
                  if (from.get(ValueLayout.JAVA_INT_UNALIGNED, at) != 1) {
                    end.completeExceptionally(new AssertionError("not ready"));
                  } else if (last) {
                    end.complete(null);
                  }
                },
                0);
          }
        });
  }

  private void write(int offset, int value) throws Exception {
    server.<Void>ask(
        SECONDS,
        end -> {
          MemorySegment four = Arena.ofAuto().allocate(4);
          four.set(ValueLayout.JAVA_INT_UNALIGNED, 0, value);
          device.write(0, offset, four, 0, 4);
          end.complete(null);
        });
  }

  @Test
  void aDriveThatIsPolledIsNotAsked() throws Exception {
    Path config = dir.resolve("appliance.yaml");
    Files.writeString(
        config,
        """
        listen: 127.0.0.1:0
        state-dir: %s
        slots:
          - name: disk0
            card: nvme
            namespaces:
              - ram: 16MiB
        """
            .formatted(dir.resolve("state")));
    try (Appliance appliance = new Appliance(ApplianceConfig.of(config))) {
      appliance.start();
      Map<String, Object> values =
          Map.of(
              "name",
              "server-a",
              "appliance",
              "127.0.0.1:" + appliance.port(),
              "run-dir",
              dir.resolve("run").toString(),
              "functions",
              List.of("disk0"));
      try (SoftwareServer here = new SoftwareServer(InitiatorConfig.of("test", values), 1 << 24)) {
        server = here;
        server.boot(SECONDS);
        device = server.devices().getFirst();
        drive();
      }
    }
  }

  private void drive() throws Exception {
    server.nvme(device, new NvmeDriver.Options(16, true, 4096), SECONDS);
    assertThat(local("config-reads")).as("enumeration").isPositive();
    int cap = register(CAP);
    register(CSTS);
    long before = tlpsSent();
    long answered = local("register-reads");
    poll(CSTS);
    assertThat(register(CAP)).isEqualTo(cap);
    assertThat(tlpsSent()).as("sent while it was polled").isEqualTo(before);
    assertThat(local("register-reads")).isEqualTo(answered + POLLS + 1);

    // A doorbell does not disturb; another write does, until the drive has had it.
    long unsure = local("register-reads-unsure");
    before = tlpsSent();
    CompletableFuture<Integer> read = new CompletableFuture<>();
    server.<Void>ask(
        SECONDS,
        end -> {
          MemorySegment four = Arena.ofAuto().allocate(4);
          four.set(ValueLayout.JAVA_INT_UNALIGNED, 0, 0x5);
          device.write(0, INTMS, four, 0, 4);
          device.read(
              0,
              INTMS,
              4,
              (cookie, from, at, bytes) ->
                  read.complete(from.get(ValueLayout.JAVA_INT_UNALIGNED, at)),
              0);
          end.complete(null);
        });
    assertThat(read.get()).as("the mask as the write left it").isEqualTo(0x5);
    assertThat(local("register-reads-unsure")).isEqualTo(unsure + 1);
    assertThat(tlpsSent()).as("a write and a read").isEqualTo(before + 2);
    // The drive told of the change ahead of the read's completion.
    assertThat(register(INTMS)).isEqualTo(0x5);
    assertThat(tlpsSent()).isEqualTo(before + 2);
    write(INTMS + 4, 0x5);
    assertThat(register(INTMS)).isZero();
  }
}
