package farslot.sim;

import farslot.pcie.FlowClass;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;

/** The server's end of a stream: writes registers, reads them, gives the card jobs, resets it. */
final class Driver extends Party {
  private final Tenancy tenancy;
  private final Map<Integer, Job> jobs = new HashMap<>();
  private int nextJob;
  private int jobsDone;

  /** What the card was asked to do, and how much of it has been seen. */
  private static final class Job {
    final int parts;
    int have;

    Job(int parts) {
      this.parts = parts;
    }
  }

  Driver(Tenancy tenancy, String who, SplittableRandom random) {
    super(tenancy.node(), who, random, false);
    this.tenancy = tenancy;
  }

  @Override
  boolean isAtRest() {
    return super.isAtRest() && (isOver() || jobs.isEmpty());
  }

  int jobsDone() {
    return jobsDone;
  }

  // What the workload asks for.

  void write(int bytes) {
    if (takes(FlowClass.POSTED)) {
      send(message(Message.Kind.WRITE, 0, 0, payloadBytes(bytes)));
    }
  }

  void readRegister(int bytes, boolean bad) {
    int most = stream().session().readRequestBytesMax();
    read(Math.clamp(bytes, Message.BYTES_MIN, most) & ~7, bad, -1);
  }

  void job(int parts, int bytes) {
    if (takes(FlowClass.POSTED) && jobs.size() < Outbox.WAITING_MAX) {
      int id = nextJob++;
      jobs.put(id, new Job(parts));
      // The length of the data tells the card how long its own shall be.
      send(message(Message.Kind.DOORBELL, id, parts, payloadBytes(bytes)));
    }
  }

  void hotReset() {
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
    jobsDone++;
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
    if (end()) {
      world.trace.say(who, "is down");
      tenancy.onDown(this);
    }
  }

  @Override
  public String toString() {
    return super.toString() + ", " + jobs.size() + " jobs open";
  }
}
