package farslot.sim;

import farslot.pcie.FlowClass;
import farslot.pcie.TlpIn;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;

/** The server's end of a stream: writes registers, reads them, gives the card jobs, resets it. */
final class Driver extends Party implements Tenant {
  private static final int JOBS_MAX = 40;

  private final Tenancy tenancy;
  private final TlpIn in;
  private final Map<Integer, Job> jobs = new HashMap<>();
  private int nextJob;

  /** What the card was asked to do, and how much of it has been seen. */
  private static final class Job {
    final int parts;
    int have;

    Job(int parts) {
      this.parts = parts;
    }
  }

  Driver(Tenancy tenancy, String who, SplittableRandom random, Mischief mischief) {
    super(tenancy.node(), who, random, false);
    this.tenancy = tenancy;
    in = mischief.in(this, false);
  }

  @Override
  public boolean isAtRest() {
    return super.isAtRest() && (isOver() || jobs.isEmpty());
  }

  @Override
  public TlpIn in() {
    return in;
  }

  @Override
  public void end() {
    finish();
    stream().detach("not wanted any more");
  }

  // What the workload asks for.

  @Override
  public void work(Step step) {
    switch (step.deed()) {
      case WRITE -> {
        for (int n = 0; n < step.amount(); n++) {
          along(step.size());
          write(step.size());
        }
      }
      case READ -> {
        for (int n = 0; n < step.amount(); n++) {
          readRegister(step.size(), n % 8 == 7);
        }
      }
      case JOB -> {
        for (int n = 0; n < Math.min(step.amount(), JOBS_MAX); n++) {
          job(1 + n % 5, step.size());
        }
      }
      default -> hotReset();
    }
  }

  @Override
  public void probe() {
    write(64);
    readRegister(64, false);
    job(2, 64);
  }

  /** Memory goes along with some writes, and is taken back now and then. */
  private void along(int bytes) {
    int dice = random.nextInt(16);
    if (dice < 5) {
      push(dice == 0 ? 4096 : bytes);
    } else if (dice == 5) {
      revoke();
    }
  }

  private void write(int bytes) {
    if (takes(FlowClass.POSTED)) {
      send(message(Message.Kind.WRITE, 0, 0, payloadBytes(bytes)));
    }
  }

  private void readRegister(int bytes, boolean bad) {
    int most = stream().session().readRequestBytesMax();
    read(Math.clamp(bytes, Message.BYTES_MIN, most) & ~7, bad, -1);
  }

  private void job(int parts, int bytes) {
    if (takes(FlowClass.POSTED) && jobs.size() < Outbox.WAITING_MAX) {
      int id = nextJob++;
      jobs.put(id, new Job(parts));
      // The length of the data tells the card how long its own shall be.
      send(message(Message.Kind.DOORBELL, id, parts, payloadBytes(bytes)));
    }
  }

  private void hotReset() {
    if (!isOver()) {
      jobs.clear();
      nextGeneration(generation() + 1);
      stream().hotReset();
      send(message(Message.Kind.GENERATION, 0, 0, Message.BYTES_MIN));
    }
  }

  private Message message(Message.Kind kind, int id, int parts, int bytes) {
    return new Message(kind, generation(), id, 0, parts, bytes);
  }

  // What the card does.

  @Override
  void onPosted(Message message) {
    if (!isCurrent(message)) {
      return;
    }
    Job job = jobs.get(message.id());
    switch (message.kind()) {
      case DATA -> {
        boolean next = job != null && message.part() == job.have;
        if (world.judge.require(next, Rule.FENCED, "%s: %s belongs to no job", who, message)) {
          job.have++;
        }
      }
      case MSI -> onMsi(message, job);
      default -> world.judge.fail(Rule.BYTES_INTACT, who + ": a card does not say " + message);
    }
  }

  private void onMsi(Message message, Job job) {
    if (!world.judge.require(job != null, Rule.FENCED, "%s: %s ends no job", who, message)) {
      return;
    }
    world.judge.require(
        job.have == job.parts,
        Rule.MSI_AFTER_DATA,
        "%s: %s, and %d of %d parts are here",
        who,
        message,
        job.have,
        job.parts);
    jobs.remove(message.id());
  }

  @Override
  void onJobRead(int job) {
    world.judge.fail(Rule.ANSWERED_ONCE, who + ": a driver reads for no job");
  }

  @Override
  public void onHotReset() {
    world.judge.fail(Rule.PEERS_AGREE, who + ": Hot Reset goes downstream only");
  }

  @Override
  public void onDown() {
    if (finish()) {
      world.trace.say(who, "is down");
      tenancy.onLost(this);
    }
  }

  @Override
  public String toString() {
    return super.toString() + ", " + jobs.size() + " jobs open";
  }
}
