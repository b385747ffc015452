package farslot.vfiouser.client;

import static org.assertj.core.api.Assertions.assertThat;

import farslot.chance.Fuzz;
import farslot.linux.EventFd;
import farslot.linux.Fd;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Servers that lie: the session ends with a reason in words, nothing is left of it, and a better
 * server is welcome afterwards.
 */
class HostileServerTest {
  @TempDir Path folder;

  private Path path() {
    return folder.resolve("device.sock");
  }

  /** Until it is called, the server behaves; from the {@code command}th kind on it does this. */
  private void endsWith(String cause, DeviceServer.Script script) throws IOException {
    endsWith(cause, script, null);
  }

  private void endsWith(String cause, DeviceServer.Script script, Runnable provocation)
      throws IOException {
    long before = DeviceClientTest.openFds();
    try (Attendant card = new Attendant(path())) {
      try (DeviceServer server = new DeviceServer(path())) {
        server.script = script;
        server.start();
        if (provocation != null) {
          card.await("present");
          card.run(() -> card.device.enable(2, 4));
          card.run(() -> card.device.read(0, 0, 4, (cookie, data, at, bytes) -> {}, 0));
        }
        assertThat(card.await("absent: the server")).contains(cause);
        server.script = (device, message) -> false;
        card.await("present");
        assertThat(card.read(0, 0, 4)).isNotNull();
      }
      card.await("absent: the server");
    }
    assertThat(DeviceClientTest.openFds()).isLessThanOrEqualTo(before);
  }

  /** Answers the first message of a kind, and only that, with other bytes. */
  private static DeviceServer.Script instead(int command, byte[] payload, int... fds) {
    return (device, message) -> {
      if (message.command() == command) {
        device.reply(message, payload, fds);
      }
      return message.command() == command;
    };
  }

  private static byte[] version(int major, int minor, String json) {
    byte[] text = (json + "\0").getBytes(StandardCharsets.UTF_8);
    ByteBuffer bytes = ByteBuffer.allocate(4 + text.length).order(ByteOrder.LITTLE_ENDIAN);
    return bytes.putShort((short) major).putShort((short) minor).put(text).array();
  }

  private static byte[] region(int index, long size) {
    ByteBuffer bytes = ByteBuffer.allocate(32).order(ByteOrder.LITTLE_ENDIAN);
    return bytes.putInt(32).putInt(3).putInt(index).putInt(0).putLong(size).array();
  }

  @Test
  void versionsThatNobodySpeaks() throws IOException {
    endsWith("speaks version 1.0", instead(1, version(1, 0, "{}")));
    endsWith("speaks version 0.7", instead(1, version(0, 7, "{}")));
    endsWith("TOO_SHORT", instead(1, new byte[3]));
    endsWith("bad JSON", instead(1, version(0, 0, "{\"capabilities\":[1")));
    endsWith("bad JSON", instead(1, version(0, 0, "{\"capabilities\":{\"max_msg_fds\":-1}}")));
    endsWith("bad JSON", instead(1, new byte[] {0, 0, 0, 0, '{', '}'}));
    String little = "{\"capabilities\":{\"max_data_xfer_size\":8}}";
    endsWith("takes only 8 bytes", instead(1, version(0, 0, little)));
    String twin = "{\"capabilities\":{\"twin_socket\":{\"supported\":true,\"fd_index\":3}}}";
    endsWith("announces a twin socket", instead(1, version(0, 0, twin)));
    endsWith(
        "refuses VERSION: EINVAL",
        (device, message) -> {
          device.refuse(message, 22);
          return true;
        });
  }

  @Test
  void devicesThatCannotBe() throws IOException {
    endsWith("is no PCI device", instead(4, DeviceServer.ints(16, 0, 9, 5)));
    endsWith("has 3 regions", instead(4, DeviceServer.ints(16, 2, 3, 5)));
    endsWith("has -1 regions", instead(4, DeviceServer.ints(16, 2, -1, 5)));
    endsWith("has 9 regions and -5", instead(4, DeviceServer.ints(16, 2, 9, -5)));
    endsWith("TOO_SHORT", instead(4, DeviceServer.ints(16, 2)));
    endsWith("region 0 has 2199023255552 bytes", instead(5, region(0, 2L << 40)));
    endsWith("region 0 has 18446744073709551615 bytes", instead(5, region(0, -1)));
    endsWith("WRONG_INDEX", instead(5, region(3, 4096)));
    endsWith("4294967295 vectors of kind 0", instead(7, DeviceServer.ints(16, 1, 0, -1)));
    endsWith("2 vectors of kind 0", instead(7, DeviceServer.ints(16, 1, 0, 2)));
    endsWith("no device behind it", onesInConfig());
    endsWith("WRONG_COUNT", instead(9, new byte[4096 + 16]));
    endsWith("TOO_SHORT", instead(9, DeviceServer.ints(0, 0, 7, 4096, 1)));
  }

  private static DeviceServer.Script onesInConfig() {
    return (device, message) -> {
      if (message.command() == 9) {
        byte[] ones = new byte[4096];
        java.util.Arrays.fill(ones, (byte) -1);
        device.reply(message, DeviceServer.concat(message.payload(), ones));
      }
      return message.command() == 9;
    };
  }

  @Test
  void descriptorsNobodyAskedFor() throws IOException {
    for (int command : new int[] {1, 4, 7, 9}) {
      endsWith(
          "escriptors",
          (device, message) -> {
            if (message.command() != command) {
              return false;
            }
            int fd = EventFd.create();
            byte[] payload =
                switch (command) {
                  case 1 -> version(0, 0, "{}");
                  case 4 -> DeviceServer.ints(16, 2, 9, 5);
                  case 7 -> DeviceServer.ints(16, 1, 0, 1);
                  default -> DeviceServer.concat(message.payload(), new byte[4096]);
                };
            device.reply(message, payload, fd);
            Fd.close(fd);
            return true;
          });
    }
  }

  @Test
  void messagesThatAreNone() throws IOException {
    endsWith("no message: SIZE_TOO_SMALL", sends(DeviceServer.header(0, 1, 1, 0, -9)));
    endsWith("no message: SIZE_TOO_LARGE", sends(DeviceServer.header(0, 1, 1, 0, 2 << 20)));
    endsWith("no message: SIZE_TOO_LARGE", sends(DeviceServer.header(0, 1, 1, 0, -17)));
    endsWith("no message: TYPE", sends(DeviceServer.header(0, 1, 7, 0, 0)));
  }

  private static DeviceServer.Script sends(byte[] bytes) {
    return (device, message) -> {
      device.raw(bytes);
      return true;
    };
  }

  @Test
  void repliesNobodyAskedFor() throws IOException {
    endsWith("what it was not asked", sends(DeviceServer.header(77, 4, 1, 0, 0)));
    endsWith("what it was not asked", sends(DeviceServer.header(0, 9, 1, 0, 0)));
    endsWith(
        "what it was not asked",
        (device, message) -> {
          if (message.command() == 13) {
            return false;
          }
          device.answer(message);
          if (message.command() == 9) {
            device.answer(message);
          }
          return true;
        });
  }

  @Test
  void repliesToAccessesThatAreNone() throws IOException {
    for (int bytes : new int[] {0, 15, 16, 19}) {
      endsWith("TOO_SHORT", onBar(0, new byte[bytes]), () -> {});
    }
    endsWith("WRONG_COUNT", onBar(0, new byte[20]), () -> {});
    endsWith("WRONG_COUNT", onBar(0, new byte[1 << 20]), () -> {});
  }

  private static DeviceServer.Script onBar(int bar, byte[] payload) {
    return (device, message) -> {
      boolean access = message.command() == 9 && message.body().getInt(8) == bar;
      if (access) {
        device.reply(message, payload);
      }
      return access;
    };
  }

  @Test
  void refusalsOfWhatEveryDeviceDoes() throws IOException {
    endsWith(
        "refuses command 8: EINVAL",
        (device, message) -> {
          if (message.command() == 8) {
            Fd.closeAll(message.fds(), message.fds().length);
            device.refuse(message, 22);
          }
          return message.command() == 8;
        });
  }

  @Test
  void commandsThatNoDeviceHas() throws IOException {
    try (DeviceServer server = new DeviceServer(path())) {
      server.script =
          (device, message) -> {
            boolean doorbell = message.command() == 10;
            if (doorbell) {
              device.events.add("command 1: " + device.call(1, new byte[4]).errno());
              device.events.add("short: " + device.call(11, new byte[7]).errno());
              device.events.add("none: " + device.call(11, DeviceServer.longs(0, 0)).errno());
              device.events.add("huge: " + device.call(11, DeviceServer.longs(0, 2 << 20)).errno());
              device.events.add("wraps: " + device.call(11, DeviceServer.longs(-8, 64)).errno());
              device.events.add("lacks: " + device.call(12, DeviceServer.longs(0, 64)).errno());
              device.events.add("good: " + device.call(11, DeviceServer.longs(0, 64)).errno());
            }
            return doorbell;
          };
      server.start();
      try (Attendant card = new Attendant(path())) {
        card.await("present");
        card.write(0, 0, 1);
        card.await("dma read 0 64");
        card.read(0, 0, 4); // Answered after the device has been.
        assertThat(server.events)
            .containsSubsequence(
                "command 1: 95",
                "short: 22",
                "none: 22",
                "huge: 22",
                "wraps: 22",
                "lacks: 22",
                "good: 0");
      }
    }
  }

  @Test
  void aServerThatSaysNothingIsGivenUp() throws IOException {
    DeviceClientOptions hasty = new DeviceClientOptions(20_000_000L, 200_000_000L, 5_000_000L, 0);
    try (DeviceServer server = new DeviceServer(path())) {
      server.script = (device, message) -> message.command() == 9 && message.body().getInt(8) == 2;
      server.start();
      try (Attendant card = new Attendant(path(), hasty)) {
        card.await("present");
        assertThat(card.read(2, 0, 4)).isNull();
        assertThat(card.await("absent")).contains("has not answered command 9 for 200 ms");
        card.await("present");
      }
    }
  }

  @Test
  void aServerThatDoesNotReadIsGivenUp() throws IOException {
    java.util.concurrent.CountDownLatch over = new java.util.concurrent.CountDownLatch(1);
    try (DeviceServer server = new DeviceServer(path())) {
      server.script =
          (device, message) -> {
            if (message.command() == 10) {
              try {
                over.await(120, java.util.concurrent.TimeUnit.SECONDS);
              } catch (InterruptedException e) {
                throw new AssertionError(e);
              }
            }
            return false;
          };
      server.start();
      try (Attendant card = new Attendant(path())) {
        card.await("present");
        java.lang.foreign.MemorySegment page = java.lang.foreign.Arena.ofAuto().allocate(4096, 8);
        card.run(
            () -> {
              for (int i = 0; i < 20_000; i++) {
                card.device.write(0, 0, page, 0, 4096);
              }
            });
        assertThat(card.await("absent")).contains("does not read");
        over.countDown();
      }
    }
  }

  /** Any bytes at any time: the session ends or goes on, but the loop sees no failure. */
  @Test
  void withstandsNoise() throws IOException {
    long seed = Fuzz.seed();
    SplittableRandom random = new SplittableRandom(seed);
    try (DeviceServer server = new DeviceServer(path())) {
      server.script = (device, message) -> noise(device, message, random);
      server.start();
      try (Attendant card = new Attendant(path())) {
        for (int round = 0; round < 300; round++) {
          card.run(
              () -> {
                card.device.enable(2, 4);
                card.device.read(0, 0, 8, (cookie, data, at, bytes) -> {}, 0);
                card.device.reset();
              });
          Thread.yield();
        }
        server.script = (device, message) -> false;
        card.events.clear();
        card.run(() -> card.device.dismiss("makes noise"));
        card.await("present");
        assertThat(card.read(0, 0, 4)).isNotNull();
      } catch (AssertionError e) {
        throw new AssertionError(Fuzz.again(seed), e);
      }
    }
  }

  private static boolean noise(
      DeviceServer device, DeviceServer.Message message, SplittableRandom random)
      throws IOException {
    if (random.nextInt(12) != 0) {
      return false;
    }
    byte[] bytes = new byte[random.nextInt(200)];
    random.nextBytes(bytes);
    int type = random.nextInt(4) == 0 ? random.nextInt() : random.nextInt(2);
    int command = random.nextInt(3) == 0 ? random.nextInt(30) : message.command();
    int id = random.nextInt(3) == 0 ? random.nextInt() : message.id();
    Fd.closeAll(message.fds(), message.fds().length);
    switch (random.nextInt(4)) {
      case 0 -> device.raw(bytes);
      case 1 -> device.reply(message, bytes);
      case 2 -> device.refuse(message, random.nextInt());
      default ->
          device.raw(
              DeviceServer.concat(
                  DeviceServer.header(id, command, type, random.nextInt(), bytes.length), bytes));
    }
    return true;
  }
}
