package farslot.cli.fabric;

import static org.assertj.core.api.Assertions.assertThat;

import farslot.cli.CommandRun;
import farslot.cli.output.ExitCode;
import org.junit.jupiter.api.Test;

/** What commands show of a fabric, letter by letter, and that they change it. */
class FabricCommandsTest extends FabricTestBase {
  private static final String MAC = "52:54:00:aa:00:01";

  private void attachAll() {
    assertThat(run("attach", "disk0", "vm1").status()).isZero();
    assertThat(run("attach", "disk1", "server-b").status()).isZero();
    CommandRun nic = run("attach", "nic0", "vm1", "--mac", MAC, "--peak", "250MB");
    assertThat(nic.status()).as(nic.err()).isZero();
  }

  @Test
  void listsWhatThereIs() {
    assertThat(run("list").out())
        .isEqualTo(
            """
            FUNCTION     CARD      DEVICE         SIZE  IDENTITY           STATE  HOLDER  HEALTH
            rack1/disk0  nvme      1b36:0010    10 GiB  FS-disk0           free   -       ok
            rack1/disk1  nvme      1b36:0010  1.50 TiB  FS-disk1           free   -       ok
            rack1/nic0   nic82599  8086:10ed         -  52:54:00:00:00:01  free   -       ok
            """);
    assertThat(run("get", "servers").out())
        .isEqualTo(
            """
            SERVER    STATE  ASSIGNED  GUESTS  RAILS
            server-a  here          0  vm1     1 up
            server-b  here          0  vm2     1 up
            """);
    assertThat(run("get", "appliance").out())
        .isEqualTo(
            """
            APPLIANCE  STATE  FUNCTIONS  ASSIGNED  ADDRESSES      SOFTWARE
            rack1      here           3         0  10.0.0.1:7580  farslot 0.1.0
            """);
    assertThat(run("get", "guest").out())
        .isEqualTo(
            """
            GUEST         STATE    FREE SLOTS  DETAIL
            server-a/vm1  running           4  QEMU 11.1.0
            server-b/vm2  running           4  QEMU 11.1.0
            """);
  }

  @Test
  void listsWhoHasWhat() {
    attachAll();
    assertThat(run("list").out())
        .isEqualTo(
            """
            FUNCTION     CARD      DEVICE         SIZE  IDENTITY           STATE     HOLDER        HEALTH
            rack1/disk0  nvme      1b36:0010    10 GiB  FS-disk0           attached  server-a/vm1  ok
            rack1/disk1  nvme      1b36:0010  1.50 TiB  FS-disk1           attached  server-b      ok
            rack1/nic0   nic82599  8086:10ed         -  52:54:00:aa:00:01  attached  server-a/vm1  ok
            """);
    assertThat(run("list", "--tree").out())
        .isEqualTo(
            """
            rack1
            ├─ nvme
            │  ├─ disk0  10 GiB, FS-disk0, attached to server-a/vm1
            │  └─ disk1  1.50 TiB, FS-disk1, attached to server-b
            └─ nic82599
               └─ nic0  52:54:00:aa:00:01, attached to server-a/vm1
            """);
    assertThat(run("list", "--state", "free").out()).isEmpty();
    assertThat(run("list", "--state", "free").err())
        .isEqualTo("farslot: no function is like that\n");
    assertThat(run("list", "-o", "name").lines())
        .containsExactly("rack1/disk0", "rack1/disk1", "rack1/nic0");
    assertThat(run("list", "-o", "wide").lines().getFirst()).endsWith("EPOCH  TENANT  WHY");
    assertThat(run("list", "-o", "json").out())
        .startsWith("{")
        .contains("\"function\" : \"rack1/disk0\"", "\"revision\" : ");
    assertThat(run("get", "function", "disk0", "-o", "yaml").out())
        .startsWith("function: rack1/disk0\n")
        .contains("\nassignment:\n", "  holder: server-a/vm1\n", "capacity-bytes: 10737418240\n");
    assertThat(run("port").out())
        .startsWith(
            """
            Attached to server-a/vm1
            ========================
            Port 00: <attached> at 0000:03:00.0
            """)
        .contains("       -> farslot:rack1/disk0  epoch 1, driver bound\n")
        .contains("Attached to server-b\n====================\nPort 00: <attached>\n");
  }

  @Test
  void aNarrowTerminalGetsWhatMatters() {
    attachAll();
    assertThat(on("ioe 24 60", "", "list").out())
        .isEqualTo(
            """
            \033[1mFUNCTION\033[0m     \033[1mCARD\033[0m      \033[1mSTATE\033[0m     \033[1mHOLDER\033[0m        \033[1mHEALTH\033[0m
            \033[1mrack1/disk0\033[0m  nvme      \033[32mattached\033[0m  server-a/vm1  \033[32mok\033[0m
            \033[1mrack1/disk1\033[0m  nvme      \033[32mattached\033[0m  server-b      \033[32mok\033[0m
            \033[1mrack1/nic0\033[0m   nic82599  \033[32mattached\033[0m  server-a/vm1  \033[32mok\033[0m
            """);
  }

  @Test
  void speaksAsLspciDoes() {
    attachAll();
    assertThat(run("lspci", "vm1", "-n").out())
        .isEqualTo("03:00.0 0108: 1b36:0010\n04:00.0 0200: 8086:10ed\n");
    assertThat(run("lspci", "vm1", "-nn").out())
        .contains("03:00.0 Non-Volatile memory controller [0108]: ", " [1b36:0010]\n");
    assertThat(run("lspci", "vm1", "-nnv").out())
        .contains(" [1b36:0010] (prog-if 02 [NVM Express])\n\tFlags: bus master\n")
        .contains("\tFarslot: rack1/nic0, epoch 1, attached, " + MAC + "\n");
    assertThat(run("lspci", "vm1", "-t").out())
        .isEqualTo("-+-[0000:03]---00.0\n \\-[0000:04]---00.0\n");
    assertThat(run("lspci", "-D", "-n").out()).startsWith("0000:03:00.0 0108: ");
    assertThat(run("lspci").err()).isEqualTo("farslot: rack1/disk1: no address yet\n");
  }

  @Test
  void attachesMovesAndDetaches() {
    CommandRun attached = run("attach", "rack1/disk0", "server-a/vm1");
    assertThat(told(attached))
        .isEqualTo("rack1/disk0: attached to server-a/vm1 as 0000:03:00.0 in TIME\n");
    CommandRun socket = run("attach", "disk1", "server-b");
    assertThat(told(socket))
        .isEqualTo(
            "rack1/disk1: attached to server-b in TIME\n"
                + "-device '{\"driver\":\"vfio-user-pci\"}'\n");
    assertThat(told(run("move", "disk0", "vm2")))
        .isEqualTo("rack1/disk0: moved from server-a/vm1 to server-b/vm2 in TIME\n");
    assertThat(told(run("detach", "disk0")))
        .isEqualTo("rack1/disk0: detached from server-b/vm2 in TIME\n");
    assertThat(run("detach", "disk1", "--no-wait").err())
        .contains("farslot wait --for detached rack1/disk1");
    assertThat(run("wait", "--for", "detached", "disk0", "disk1").out())
        .isEqualTo("rack1/disk0: detached\nrack1/disk1: detached\n");
    assertThat(run("attach", "disk0", "vm1", "-o", "json").out())
        .contains("\"phase\" : \"attached\"");
  }

  @Test
  void aDryRunIsADiffAndNoChange() {
    CommandRun dry =
        run("attach", "nic0", "vm1", "--mac", MAC, "--peak", "2Gbit", "--class", "3", "--dry-run");
    assertThat(dry.out())
        .isEqualTo(
            """
            --- assignment/rack1/nic0  (now)
            +++ assignment/rack1/nic0  (after)
            @@ -0,0 +1,9 @@
            +server: server-a
            +guest: vm1
            +identity:
            +  mac: 52:54:00:aa:00:01
            +qos:
            +  committed-bytes-per-second: 0
            +  peak-bytes-per-second: 250000000
            +  burst-bytes: 0
            +  traffic-class: 3
            """);
    assertThat(run("list", "--state", "free", "-o", "name").lines()).hasSize(3);
    run("attach", "disk0", "vm1");
    assertThat(run("move", "disk0", "vm2", "--dry-run").out())
        .isEqualTo(
            """
            --- assignment/rack1/disk0  (now)
            +++ assignment/rack1/disk0  (after)
            @@ -1,2 +1,2 @@
            -server: server-a
            -guest: vm1
            +server: server-b
            +guest: vm2
            """);
    assertThat(run("attach", "disk0", "vm2", "--dry-run").status()).isEqualTo(ExitCode.CONFLICT);
    assertThat(on("ioe 24 80", "", "detach", "disk0", "--dry-run").out())
        .contains("\033[31m-server: server-a\033[0m");
  }

  @Test
  void tellsWhatHappened() {
    run("attach", "disk0", "vm1");
    assertThat(told(run("events", "--subject", "rack1/disk0")))
        .isEqualTo(
            """
            TIME                 EVENT     SUBJECT      BY     MESSAGE
            YYYY-MM-DD hh:mm:ss  assigned  rack1/disk0  local  assigned to server-a/vm1
            YYYY-MM-DD hh:mm:ss  granted   rack1/disk0  -      may be had by server-a/vm1
            YYYY-MM-DD hh:mm:ss  attached  rack1/disk0  -      attached by server-a/vm1
            """);
    assertThat(told(run("describe", "disk0")))
        .startsWith("Function:               rack1/disk0\n")
        .contains("Capacity:               10 GiB\n", "  Holder:               server-a/vm1\n")
        .contains("Health:                 ok\n", "Events:\n  TIME ", "attached by server-a/vm1\n");
    assertThat(run("describe", "server-a").out()).contains("Name:                   server-a");
    assertThat(told(run("status")))
        .startsWith(
            """
            manager     SOCKET, farslot, up TIME, revision N
            appliances  1 here
            servers     2 here
            functions   3: 1 attached, 2 free

            TIME""");
  }

  @Test
  void showsTrouble() throws Exception {
    run("attach", "disk0", "vm1");
    fabric.rack.pull("disk1", true);
    TestFabric.await(() -> run("list").out().contains("absent"));
    assertThat(told(run("status"))).contains("To look at\n  rack1/disk1  absent  pulled out\n");
    assertThat(run("list", "-o", "wide").out()).contains("pulled out");
    assertThat(run("list").err()).isEqualTo("farslot: rack1/disk1: pulled out\n");
    assertThat(run("list", "-o", "name").err()).isEmpty();
    assertThat(run("wait", "--for", "healthy", "disk1", "--timeout", "10ms").status())
        .isEqualTo(ExitCode.TIMED_OUT);
    fabric.dies(1);
    fabric.serverA.railUp(false);
    TestFabric.await(() -> run("get", "server", "server-a").out().contains("away"));
    assertThat(run("list").out()).contains("attached  server-a/vm1  lost");
    assertThat(told(run("status"))).contains("servers     1 here, 1 away: server-a\n");
  }

  @Test
  void pingsByEveryRail() throws Exception {
    CommandRun ping = run("ping", "server-a");
    assertThat(ping.out().lines().skip(1))
        .containsExactly(
            "SERVER    APPLIANCE  RAIL                       STATE  ROUND TRIP       RATE    LOSS"
                + "  PROTECTED",
            "server-a  rack1      10.0.0.2 -> 10.0.0.1:7580  up        31.2 us  25 Gbit/s  0.01 %"
                + "  tls");
    assertThat(ping.out()).startsWith("manager " + fabric.socket() + ": ");
    assertThat(run("ping", "rack1").out()).contains("server-a", "server-b");
    assertThat(run("ping", "nobody").status()).isEqualTo(ExitCode.NOT_FOUND);
    fabric.serverA.railUp(false);
    TestFabric.await(() -> run("ping", "server-a").out().contains(" down "));
    assertThat(run("ping", "server-a", "-c", "2", "-i", "1ms").status())
        .isEqualTo(ExitCode.UNREACHABLE);
  }
}
