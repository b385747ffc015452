package farslot.initiator.orders;

import static farslot.initiator.orders.World.attach;
import static farslot.initiator.orders.World.release;
import static org.assertj.core.api.Assertions.assertThat;

import farslot.api.agent.HoldingOrder;
import farslot.api.agent.HoldingReport.State;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FulfilmentTest {
  private static final String DISK = "rack1/disk0";
  private static final String NIC = "rack2/nic0.vf1";

  private final World world = new World("vm1", "vm2");

  private void inGuest() {
    world.see("vm1");
    world.orders(attach(DISK, 4, "vm1"));
    world.settle();
    assertThat(world.state(DISK)).isEqualTo(State.ATTACHED);
    world.done.clear();
  }

  @Test
  void aFunctionIsHadShownAndPluggedIn() {
    world.orders(attach(DISK, 4, "vm1"));
    assertThat(world.state(DISK)).isEqualTo(State.ATTACHING);
    world.see("vm1");
    world.settle();
    assertThat(world.done).containsExactly("acquire " + DISK + " 4", "plug vm1 " + DISK);
    assertThat(world.state(DISK)).isEqualTo(State.ATTACHED);
    assertThat(world.report(DISK).orElseThrow().detail()).isEqualTo("guest vm1, root port rp");
    world.orders(attach(DISK, 4, "vm1"));
    world.pass(100);
    assertThat(world.done).as("once").hasSize(2);
  }

  @Test
  void withoutAGuestASocketIsHandedOut() {
    world.orders(attach(DISK, 4, ""));
    world.settle();
    assertThat(world.state(DISK)).isEqualTo(State.ATTACHED);
    assertThat(world.report(DISK).orElseThrow().detail()).isEqualTo("-device " + DISK);
  }

  @Test
  void aGuestIsAskedBeforeAFunctionIsGivenBack() {
    inGuest();
    world.orders(release(DISK, 4, "vm1", false));
    assertThat(world.state(DISK)).isEqualTo(State.RELEASING);
    assertThat(world.held).containsKey(DISK);
    world.settle();
    assertThat(world.done).containsExactly("unplug vm1 " + DISK, "let go " + DISK);
    assertThat(world.state(DISK)).isEqualTo(State.RELEASED);
    world.orders();
    assertThat(world.report(DISK)).isEmpty();
  }

  @Test
  void aGuestThatDoesNotLetGoKeepsIt() {
    inGuest();
    world.qemus.get("vm1").obeys = false;
    world.orders(release(DISK, 4, "vm1", false));
    world.pass(29);
    assertThat(world.state(DISK)).isEqualTo(State.RELEASING);
    world.pass(2);
    assertThat(world.state(DISK)).isEqualTo(State.STUCK);
    assertThat(world.held).containsKey(DISK);
    assertThat(world.done.stream().distinct())
        .as("asked again")
        .containsExactly("unplug vm1 " + DISK);
    // The manager gives up: it stays where it is.
    world.orders(attach(DISK, 4, "vm1"));
    world.settle();
    assertThat(world.state(DISK)).isEqualTo(State.ATTACHED);
    // A guest that lets go after all gets it back.
    world.eject(world.qemus.get("vm1"), DISK);
    world.pass(1);
    assertThat(world.state(DISK)).isEqualTo(State.ATTACHED);
    assertThat(world.qemus.get("vm1").devices).containsEntry(DISK, true);
  }

  @Test
  void byForceNobodyIsAsked() {
    inGuest();
    world.qemus.get("vm1").obeys = false;
    world.orders(release(DISK, 4, "vm1", true));
    assertThat(world.state(DISK)).isEqualTo(State.RELEASED);
    assertThat(world.held).isEmpty();
    world.orders();
    world.qemus.get("vm1").obeys = true;
    world.pass(120);
    assertThat(world.qemus.get("vm1").devices).as("what is left there is taken out").isEmpty();
  }

  @Test
  void whatIsNotNamedIsLetGoOfAtOnce() {
    inGuest();
    world.orders();
    assertThat(world.held).isEmpty();
    world.pass(10);
    assertThat(world.qemus.get("vm1").devices).isEmpty();
  }

  @Test
  void aSocketInUseCannotBeTakenWithoutForce() {
    world.orders(attach(DISK, 4, ""));
    world.settle();
    world.client(DISK, true);
    world.settle();
    world.orders(release(DISK, 4, "", false));
    assertThat(world.state(DISK)).isEqualTo(State.STUCK);
    assertThat(world.report(DISK).orElseThrow().detail()).contains("cannot be asked");
    world.client(DISK, false);
    world.settle();
    assertThat(world.state(DISK)).isEqualTo(State.RELEASED);
  }

  @Test
  void aGuestThatIsAwayGetsItWhenItIsBack() {
    world.qemus.get("vm1").running = false;
    world.see("vm1");
    world.orders(attach(DISK, 4, "vm1"));
    world.settle();
    assertThat(world.state(DISK)).isEqualTo(State.ATTACHED);
    assertThat(world.report(DISK).orElseThrow().detail()).contains("guest vm1 is not there (gone)");
    for (int i = 0; i < 3; i++) {
      world.boot("vm1");
      world.settle();
      assertThat(world.qemus.get("vm1").devices).containsEntry(DISK, true);
      world.kill("vm1");
      world.settle();
    }
    world.orders(release(DISK, 4, "vm1", false));
    assertThat(world.state(DISK)).as("nobody there to ask").isEqualTo(State.RELEASED);
  }

  /** After a restart of this process: QEMU has a device whose socket is gone for good. */
  @Test
  void aDeviceThatHasLostUsIsPluggedAnew() {
    world.qemus.get("vm1").devices.put(DISK, false);
    world.see("vm1");
    world.orders(attach(DISK, 4, "vm1"));
    world.settle();
    assertThat(world.state(DISK)).isEqualTo(State.ATTACHING);
    world.pass(2);
    assertThat(world.done)
        .containsExactly("acquire " + DISK + " 4", "unplug vm1 " + DISK, "plug vm1 " + DISK);
    assertThat(world.state(DISK)).isEqualTo(State.ATTACHED);
    world.disconnect(world.qemus.get("vm1"), DISK);
    world.pass(2);
    assertThat(world.qemus.get("vm1").devices).containsEntry(DISK, true);
  }

  @Test
  void withoutAFreePortItSaysSoAndTriesAgain() {
    world.qemus.get("vm1").ports = 0;
    world.see("vm1");
    world.orders(attach(DISK, 4, "vm1"));
    world.pass(60);
    assertThat(world.state(DISK)).isEqualTo(State.ATTACHING);
    assertThat(world.report(DISK).orElseThrow().detail()).contains("no free pcie-root-port");
    assertThat(world.done.size()).as("not all the time").isLessThan(15);
    world.qemus.get("vm1").ports = 1;
    world.pass(15);
    assertThat(world.state(DISK)).isEqualTo(State.ATTACHED);
  }

  @Test
  void aNewEpochOrAnotherGuestIsAnotherHolding() {
    inGuest();
    world.see("vm2");
    world.orders(attach(DISK, 7, "vm2"));
    world.pass(2);
    assertThat(world.held).containsEntry(DISK, 7L);
    assertThat(world.qemus.get("vm1").devices).isEmpty();
    assertThat(world.qemus.get("vm2").devices).containsEntry(DISK, true);
    assertThat(world.done).startsWith("let go " + DISK, "acquire " + DISK + " 7");
  }

  @Test
  void whatIsInTheWayIsSaid() {
    world.orders(attach(DISK, 4, "vm9"));
    world.settle();
    assertThat(world.report(DISK).orElseThrow().detail()).contains("knows no guest vm9");
    world.orders(attach(NIC, 5, ""));
    world.fulfilment.onRefused(NIC, "not allowed", world.nowNs);
    assertThat(world.report(NIC).orElseThrow().detail()).contains("refuses it: not allowed");
    world.settle();
    world.fulfilment.onAbsent(NIC, "the appliance is away", world.nowNs);
    assertThat(world.state(NIC)).isEqualTo(State.AWAY);
    assertThat(world.report(NIC).orElseThrow().detail()).isEqualTo("the appliance is away");
  }

  @Test
  void whatCannotBeShownIsTriedAgainLater() {
    world.orders(attach(DISK, 4, ""));
    world.coming.clear();
    world.fulfilment.onFailed(DISK, "no space for a socket", world.nowNs);
    assertThat(world.report(DISK).orElseThrow().detail()).contains("no space");
    assertThat(world.held).isEmpty();
    world.pass(1);
    assertThat(world.state(DISK)).isEqualTo(State.ATTACHED);
  }

  /** Whatever happens in whatever order: when the world is calm, all is as ordered. */
  @Test
  void itAlwaysEndsAsOrdered() {
    long seed = new Random().nextLong();
    for (int life = 0; life < 300; life++) {
      try {
        live(new Random(seed + life));
      } catch (AssertionError e) {
        throw new AssertionError("seed " + (seed + life), e);
      }
    }
  }

  private void live(Random random) {
    World world = new World("vm1", "vm2");
    String[] functions = {"a/x", "a/y", "b/z"};
    String[] guests = {"vm1", "vm2", "", "vm1"};
    List<HoldingOrder> orders = new ArrayList<>();
    long epoch = 1;
    for (int step = 0; step < 60; step++) {
      String guest = random.nextBoolean() ? "vm1" : "vm2";
      World.Qemu qemu = world.qemus.get(guest);
      switch (random.nextInt(8)) {
        case 0, 1 -> {
          orders.clear();
          for (String function : functions) {
            String into = guests[random.nextInt(guests.length)];
            epoch += random.nextInt(2);
            switch (random.nextInt(5)) {
              case 0 -> orders.add(release(function, epoch, into, random.nextBoolean()));
              case 1 -> {}
              default -> orders.add(attach(function, epoch, into));
            }
          }
          world.orders(orders.toArray(HoldingOrder[]::new));
        }
        case 2 -> world.kill(guest);
        case 3 -> world.boot(guest);
        case 4 -> qemu.obeys = random.nextBoolean();
        case 5 -> {
          for (String function : functions) {
            world.disconnect(qemu, function);
          }
        }
        case 6 -> world.eject(qemu, functions[random.nextInt(functions.length)]);
        default -> world.pass(random.nextInt(4));
      }
      for (int told = random.nextInt(4); told > 0 && !world.coming.isEmpty(); told--) {
        world.coming.removeFirst().run();
      }
    }
    for (World.Qemu qemu : world.qemus.values()) {
      qemu.ports = 3;
      qemu.obeys = true;
      world.boot(qemu.name);
    }
    world.pass(300);
    check(world, orders);
  }

  private static void check(World world, List<HoldingOrder> orders) {
    int inGuests = 0;
    int held = 0;
    for (HoldingOrder order : orders) {
      String about = order + ", " + world.done;
      if (order.action() == HoldingOrder.Action.RELEASE) {
        assertThat(world.state(order.function())).as(about).isEqualTo(State.RELEASED);
        continue;
      }
      held++;
      assertThat(world.state(order.function())).as(about).isEqualTo(State.ATTACHED);
      assertThat(world.held).as(about).containsEntry(order.function(), order.epoch());
      if (!order.guest().isEmpty()) {
        inGuests++;
        assertThat(world.qemus.get(order.guest()).devices)
            .as(about)
            .containsEntry(order.function(), true);
      }
    }
    assertThat(world.held).hasSize(held);
    assertThat(world.qemus.values().stream().mapToInt(each -> each.devices.size()).sum())
        .isEqualTo(inGuests);
    assertThat(world.fulfilment.deadlineNs()).as("nothing is due").isEqualTo(Long.MAX_VALUE);
  }
}
