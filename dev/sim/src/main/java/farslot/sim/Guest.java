package farslot.sim;

import static farslot.sim.LedgerSpec.*;

import farslot.fabric.LocalFunction;
import farslot.fabric.PortOptions;
import farslot.fabric.PortWatcher;
import farslot.fabric.RootPort;
import farslot.function.GuideProvider;
import farslot.memory.Access;
import farslot.memory.DmaWindow;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A guest with a driver for the {@link LedgerCard}, behind a real root port. Knows what it has
 * written and asked for, and that no access may take longer than the deadline.
 */
final class Guest
    implements LocalFunction.Listener,
        LocalFunction.ReadDone,
        LocalFunction.WriteDone,
        PortWatcher {
  static final long DEADLINE_NS = 300 * World.MS;

  /** A timer of the port's may be looked at a little late. */
  private static final long SLACK_NS = 5 * World.MS;

  /**
   * After this a driver gives a card up and resets it, as Linux's do: a configuration write that
   * was not answered inside the deadline is lost, and with it perhaps bus mastering.
   */
  private static final long PATIENCE_NS = 3_000 * World.MS;

  private static final int COMMAND = 4;
  private static final short MEMORY_AND_BUS_MASTER = 0x6;
  private static final int OPEN_MAX = 100;
  private static final List<GuideProvider> GUIDES = List.of(new LedgerGuide());

  /** A read that is not answered yet. */
  private record Question(long atNs, long least, int generation, int pauses) {}

  private final Node node;
  private final World world;
  private final String who;
  private final Slot slot;
  private final Runnable onAbsent;
  private final RootPort port;
  private final MemorySegment memory = Arena.ofAuto().allocate(MEMORY_BYTES, 8);
  private final MemorySegment scratch = Arena.ofAuto().allocate(8, 8);
  private final Map<Long, Question> questions = new HashMap<>();
  private final Set<Long> jobs = new HashSet<>();
  private long nextCookie;
  private long nextJob;
  private int generation;
  private boolean ready;
  private boolean resetting;
  private long written;
  private int ringNext;
  private int interrupts;

  Guest(Node node, String who, Slot slot, Runnable onAbsent) {
    this.node = node;
    this.world = node.world;
    this.who = who;
    this.slot = slot;
    this.onAbsent = onAbsent;
    port = new RootPort(who, node, new PortOptions(DEADLINE_NS).with(GUIDES), this);
    port.listener(this);
    port.dmaWindows().map(new DmaWindow(IOVA, MEMORY_BYTES, Access.READ_WRITE, memory, null));
  }

  RootPort port() {
    return port;
  }

  boolean isAtRest() {
    return questions.isEmpty() && jobs.isEmpty() && ready;
  }

  // Presence and reset: the driver is loaded anew.

  @Override
  public void onPresent(RootPort which) {}

  @Override
  public void onAbsent(RootPort which, String cause) {
    world.trace.say(who, "absent: " + cause);
    onAbsent.run();
  }

  @Override
  public void onPresence(boolean present, String cause) {
    world.trace.say(who, present ? "present" : "gone: " + cause);
    forget();
    if (present) {
      load();
    }
  }

  /** What was before does not count any more. */
  private void forget() {
    generation++;
    ready = false;
    jobs.clear();
    written = 0;
    ringNext = 0;
    interrupts = 0;
    memory.fill((byte) 0);
  }

  private void load() {
    slot.jobs(jobs::contains);
    scratch.set(ValueLayout.JAVA_SHORT, 0, MEMORY_AND_BUS_MASTER);
    port.arm(LocalFunction.IRQ_MSIX, 0, new boolean[] {true});
    port.write(LocalFunction.REGION_CONFIG, COMMAND, scratch, 0, 2, this, generation);
  }

  /** The command register is written. */
  @Override
  public void done(long loaded) {
    ready = loaded == generation && port.present();
  }

  void reset() {
    if (!resetting && port.present()) {
      resetting = true;
      world.trace.say(who, "resets the card");
      forget();
      port.reset(ignored -> onReset(), 0);
    }
  }

  private void onReset() {
    resetting = false;
    world.trace.say(who, "has been reset, present " + port.present());
    if (port.present()) {
      forget();
      load();
    }
  }

  // Accesses.

  void write() {
    if (ready && port.hasRoom()) {
      post(COUNT, ++written);
    }
  }

  private void post(int register, long value) {
    scratch.set(ValueLayout.JAVA_LONG, 0, value);
    port.write(0, register, scratch, 0, 8, ignored -> {}, 0);
  }

  void read() {
    if (ready && questions.size() < OPEN_MAX) {
      long cookie = nextCookie++;
      questions.put(cookie, new Question(world.nowNs(), written, generation, node.pauses()));
      port.read(0, LAST, 8, this, cookie);
    }
  }

  @Override
  public void done(long cookie, MemorySegment data, long offset, int bytes) {
    Question question = questions.remove(cookie);
    if (!world.judge.require(
        question != null, Rule.ANSWERED_ONCE, "%s: read %d answered again", who, cookie)) {
      return;
    }
    long value = data.get(ValueLayout.JAVA_LONG_UNALIGNED, offset);
    world.trace.count(cookie, value);
    long tookNs = world.nowNs() - question.atNs;
    boolean undisturbed = question.pauses == node.pauses();
    world.judge.require(
        !undisturbed || tookNs <= DEADLINE_NS + SLACK_NS,
        Rule.DEADLINE_KEPT,
        "%s: a read took %d ms",
        who,
        tookNs / World.MS);
    boolean now = question.generation == generation && port.present() && undisturbed;
    boolean right = value >= question.least && value <= written;
    world.judge.require(
        !now || right || value == -1 && tookNs >= DEADLINE_NS,
        Rule.BYTES_INTACT,
        "%s: read %d after %d ms, between %d and %d is right",
        who,
        value,
        tookNs / World.MS,
        question.least,
        written);
  }

  private void say(String what, long job) {
    if (world.trace.isSpoken()) {
      world.trace.say(who, what + Long.toHexString(job));
    } else {
      world.trace.count(job, ringNext);
    }
  }

  // Jobs.

  void job() {
    long id = (long) (generation & 0xFFFF) << 32 | nextJob + 1;
    if (ready && jobs.size() < OPEN_MAX && port.hasRoom()) {
      nextJob++;
      jobs.add(id);
      for (int i = 0; i < SLOT_BYTES; i += 8) {
        long at = DESCRIPTORS + LedgerSpec.slot(id) * SLOT_BYTES + i;
        memory.set(ValueLayout.JAVA_LONG, at, pattern(id, false, i));
      }
      say("job ", id);
      post(DOORBELL, id);
      node.world.after(PATIENCE_NS, () -> node.turn(() -> giveUp(id)));
    }
  }

  private void giveUp(long job) {
    if (jobs.contains(job)) {
      say("waits in vain for ", job);
      reset();
    }
  }

  @Override
  public void onInterrupt(int kind, int vector) {
    interrupts++;
    long entry;
    while ((entry = memory.get(ValueLayout.JAVA_LONG, RING + 8 * (ringNext % RING_ENTRIES))) != 0) {
      memory.set(ValueLayout.JAVA_LONG, RING + 8 * (ringNext % RING_ENTRIES), 0);
      ringNext++;
      finish(entry);
    }
    world.judge.require(
        ringNext >= interrupts,
        Rule.MSI_AFTER_DATA,
        "%s: %d interrupts, %d ring entries",
        who,
        interrupts,
        ringNext);
  }

  private void finish(long job) {
    say("done ", job);
    if (!world.judge.require(jobs.remove(job), Rule.FENCED, "%s: %x is no job", who, job)) {
      return;
    }
    for (int i = 0; i < SLOT_BYTES; i += 8) {
      long word = memory.get(ValueLayout.JAVA_LONG, DATA + LedgerSpec.slot(job) * SLOT_BYTES + i);
      world.judge.require(
          word == pattern(job, true, i), Rule.MSI_AFTER_DATA, "%s: data of %x", who, job);
    }
  }

  @Override
  public void onRoom() {}

  @Override
  public String toString() {
    return "%s: %d reads and %d jobs open, ready %s, present %s, resetting %s"
        .formatted(who, questions.size(), jobs.size(), ready, port.present(), resetting);
  }
}
