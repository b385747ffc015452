package farslot.sim.guides;

import static farslot.sim.guides.GuestDriver.DW;
import static farslot.sim.guides.GuestDriver.QW;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * A server's life with a drive, from a seed: commands of all kinds in rounds, and what goes wrong
 * in between. What is planned depends on the seed alone, so that two lives can be compared; what
 * may depend on who is faster is marked as a race, and only checked for sense.
 *
 * <p>Memory is a trap: buffers, lists and entries are rubbish until right before the doorbell, and
 * again from the moment of the completion on, and the page that was given back last is used next.
 * Whoever reads a byte too early or too late reads rubbish, or another command's data.
 */
final class Workload {
  private static final int ORDERS_MAX = 8;
  private static final long SCRATCH = 0x9000;

  /** What happens in a round beside its commands. */
  private enum Event {
    ABORT,
    FUNCTION_RESET,
    CONTROLLER_RESET,
    QUEUE_DELETED,
    UNMAP,
    BUS_MASTER_OFF,
    TIMESTAMP
  }

  /** A command that is under way. */
  private static final class Flight {
    Order order;
    boolean raced;
    boolean second;
    byte[] data;
    Buffer buffer;
  }

  private final GuidedRig rig;
  private final MemorySegment ram;
  private final GuestDriver driver;
  private final Pages pages;
  private final DiskModel model = new DiskModel();
  private final SplittableRandom random;
  private final SplittableRandom pace;
  private final Map<Integer, Flight> flights = new HashMap<>();
  private final Map<Integer, String> ends = new HashMap<>();
  private int numbers;
  private int cids;

  Workload(GuidedRig rig, long seed) {
    this.rig = rig;
    ram = rig.ram;
    pages = new Pages(ram);
    random = new SplittableRandom(seed);
    pace = new SplittableRandom(seed + 1);
    driver = new GuestDriver(rig, this::completed);
    driver.start();
  }

  /** What came of each command, by number. */
  List<String> ends() {
    List<String> all = new ArrayList<>();
    for (int i = 0; i < numbers; i++) {
      all.add(i + ": " + ends.get(i));
    }
    return all;
  }

  byte[] disk() {
    return model.comparable();
  }

  void run(int rounds) {
    for (int round = 0; round < rounds; round++) {
      round();
    }
  }

  private void round() {
    List<Order> orders = plan();
    int chosen = random.nextInt(2 * Event.values().length);
    Event event = chosen < Event.values().length ? Event.values()[chosen] : null;
    int queue = 1 + random.nextInt(GuestDriver.QUEUES);
    for (int done = 0; done < orders.size(); ) {
      int group = Math.min(orders.size() - done, 1 + pace.nextInt(4));
      submit(orders.subList(done, done + group), event, queue, orders.getLast());
      done += group;
      rig.steps(pace.nextInt(12));
    }
    if (event == Event.ABORT || event == Event.QUEUE_DELETED) {
      meddle(event, queue, orders.getLast());
    } else if (event == Event.FUNCTION_RESET || event == Event.CONTROLLER_RESET) {
      reset(event);
    }
    rig.run(flights::isEmpty);
    rig.steps(20);
    model.settle(rig.disk.data);
    if (event != null) {
      afterwards(event);
    }
  }

  private List<Order> plan() {
    List<Order> orders = new ArrayList<>();
    int left = Pages.COUNT;
    int first = random.nextInt(Order.SLOTS);
    int wanted = 1 + random.nextInt(ORDERS_MAX);
    for (int i = 0; i < wanted; i++) {
      Order order = new Order(numbers, (first + i) % Order.SLOTS, random);
      left -= order.pages;
      if (left < 0) {
        break;
      }
      numbers++;
      orders.add(order);
    }
    return orders;
  }

  /** Puts commands into their queues and rings once for each queue. */
  private void submit(List<Order> orders, Event event, int queue, Order last) {
    Map<Flight, Long> entries = new HashMap<>();
    for (Order order : orders) {
      boolean raced =
          event == Event.FUNCTION_RESET
              || event == Event.CONTROLLER_RESET
              || event == Event.ABORT && order == last
              || event == Event.QUEUE_DELETED && order.queue == queue;
      int copies = order.kind == Order.Kind.COMPARE_AND_WRITE ? 2 : 1;
      for (int i = 0; i < copies; i++) {
        Flight flight = flight(order, raced, i == 1);
        long sqe = driver.next(order.queue);
        ram.asSlice(sqe, 64).fill((byte) 0xEE);
        entries.put(flight, sqe);
      }
    }
    rig.steps(pace.nextInt(3)); // Nobody has been told yet; whoever looks sees rubbish.
    entries.forEach(this::fill);
    for (int each = 1; each <= GuestDriver.QUEUES; each++) {
      int of = each;
      if (orders.stream().anyMatch(order -> order.queue == of)) {
        driver.ring(each);
      }
    }
  }

  private Flight flight(Order order, boolean raced, boolean second) {
    Flight flight = new Flight();
    flight.order = order;
    flight.raced = raced;
    flight.second = second;
    if (order.kind.transfers()) {
      long seed = second ? order.seed + 1 : order.seed;
      flight.buffer = new Buffer(pages, ram, order.bytes(), order.sgl, seed);
      flight.data = data(order, second);
    }
    return flight;
  }

  private byte[] data(Order order, boolean second) {
    int at = order.block * DiskModel.BLOCK;
    byte[] there = Arrays.copyOfRange(model.bytes, at, at + order.bytes());
    return switch (order.kind) {
      case COMPARE_AND_WRITE -> second ? order.fresh() : there;
      case COMPARE_WRONG -> {
        there[there.length - 1] ^= 1;
        yield there;
      }
      case DEALLOCATE -> {
        MemorySegment range = MemorySegment.ofArray(new byte[16]);
        range.set(DW, 4, order.blocks);
        range.set(QW, 8, order.block);
        yield range.toArray(java.lang.foreign.ValueLayout.JAVA_BYTE);
      }
      case WRITE -> order.fresh();
      default -> there;
    };
  }

  /** The entry and all that it names, at the last moment. */
  private void fill(Flight flight, long sqe) {
    Order order = flight.order;
    int cid = cids++ & 0xFFF;
    flights.put(cid, flight);
    boolean fused = order.kind == Order.Kind.COMPARE_AND_WRITE;
    int opcode = flight.second ? Order.Kind.WRITE.opcode : order.kind.opcode;
    ram.asSlice(sqe, 64).fill((byte) 0);
    ram.set(DW, sqe, opcode | (fused ? flight.second ? 2 << 8 : 1 << 8 : 0) | cid << 16);
    ram.set(DW, sqe + 4, order.kind == Order.Kind.WRITE_NOWHERE ? 7 : 1);
    boolean beyond = order.kind == Order.Kind.WRITE_BEYOND;
    boolean ranges = order.kind == Order.Kind.DEALLOCATE;
    ram.set(QW, sqe + 40, ranges ? 4L << 32 : beyond ? 1 << 20 : order.block);
    ram.set(DW, sqe + 48, order.blocks - 1);
    if (flight.buffer != null) {
      if (order.kind.sends()) {
        flight.buffer.put(flight.data);
      }
      if (order.kind == Order.Kind.WRITE_FROM_NOWHERE) {
        flight.buffer.lose();
      }
      flight.buffer.name(sqe);
    }
  }

  private void completed(int cid, int status, int dw0) {
    Flight flight = flights.remove(cid);
    if (flight == null) {
      throw new AssertionError("nothing is under way as " + cid);
    }
    Order order = flight.order;
    boolean good = status == 0;
    if (good && order.kind == Order.Kind.READ && !flight.raced) {
      if (!Arrays.equals(flight.buffer.get(), flight.data)) {
        throw new AssertionError("read " + order.number + " brought something else");
      }
    }
    take(flight, good);
    end(flight, "%03x %x".formatted(status, dw0));
  }

  private void take(Flight flight, boolean good) {
    Order order = flight.order;
    boolean pairs = order.kind == Order.Kind.COMPARE_AND_WRITE && !flight.second;
    if (!order.kind.changes() || pairs) {
      return;
    }
    if (flight.raced) {
      model.maybeWritten(order.block, order.fresh());
    } else if (good) {
      model.written(order.block, order.fresh());
    }
  }

  private void end(Flight flight, String how) {
    if (flight.buffer != null) {
      flight.buffer.free();
    }
    String what = flight.raced ? "a race" : how;
    ends.merge(flight.order.number, flight.order.kind + " " + what, (a, b) -> a + ", " + what);
  }

  private void meddle(Event event, int queue, Order last) {
    if (event == Event.QUEUE_DELETED) {
      driver.delete(queue);
      drop(queue);
      driver.create(queue);
      return;
    }
    for (var each : List.copyOf(flights.entrySet())) {
      if (each.getValue().order == last) {
        driver.admin(0x08, 0, 0, each.getKey() << 16 | last.queue, 0);
      }
    }
  }

  /** Nothing more will be heard of these. */
  private void drop(int queue) {
    for (var each : List.copyOf(flights.entrySet())) {
      if (queue == 0 || each.getValue().order.queue == queue) {
        flights.remove(each.getKey());
        take(each.getValue(), false);
        end(each.getValue(), "dropped");
      }
    }
  }

  private void reset(Event event) {
    if (event == Event.CONTROLLER_RESET) {
      driver.write(0x14, 0);
      driver.enable();
    } else {
      int[] done = new int[1];
      rig.port.reset(cookie -> done[0]++, 0);
      rig.run(() -> done[0] > 0);
      driver.start();
    }
    drop(0);
  }

  private void afterwards(Event event) {
    switch (event) {
      case UNMAP -> {
        rig.unmap();
        rig.map();
      }
      case BUS_MASTER_OFF -> {
        rig.config(4, 2, 0x2);
        rig.config(4, 2, 0x6);
      }
      case TIMESTAMP -> timestamp();
      default -> {
        // Was in the middle of the round.
      }
    }
  }

  /** Data of an admin command, and back. */
  private void timestamp() {
    long set = 1_000_000_000_000L + numbers * 1_000_000L;
    ram.set(QW, SCRATCH, set);
    int status = driver.admin(0x09, 0, SCRATCH, 0x0E, 0);
    ram.set(QW, SCRATCH, -1);
    status |= driver.admin(0x0A, 0, SCRATCH, 0x0E, 0);
    long got = ram.get(QW, SCRATCH) & 0xFFFF_FFFF_FFFFL;
    ram.set(QW, SCRATCH, -1);
    if (status != 0 || got < set || got > set + 10_000) {
      throw new AssertionError("timestamp %d came back as %d".formatted(set, got));
    }
  }
}
