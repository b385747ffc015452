package farslot.sim;

import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * The card's end of a stream, for as long as one owner has it. A doorbell makes it fetch a
 * descriptor, write data, and signal that by an MSI, each when it gets round to it.
 */
final class Card extends Party implements Holder {
  private final Slot slot;
  private final Mischief mischief;
  private final Map<Integer, Message> jobs = new HashMap<>();
  private boolean awaitsGeneration;

  Card(Slot slot, Node node, String who, SplittableRandom random, Mischief mischief) {
    super(node, who, random, true);
    this.slot = slot;
    this.mischief = mischief;
  }

  @Override
  public boolean isAtRest() {
    return super.isAtRest() && (isOver() || jobs.isEmpty());
  }

  @Override
  void onPosted(Message message) {
    slot.touched(this);
    if (message.kind() == Message.Kind.GENERATION) {
      world.judge.require(
          awaitsGeneration, Rule.FENCED, "%s: the reset before %s did not come", who, message);
      awaitsGeneration = false;
      nextGeneration(message.generation());
      return;
    }
    boolean current = isCurrent(message) && !awaitsGeneration;
    if (!world.judge.require(current, Rule.FENCED, "%s: %s from before a reset", who, message)) {
      return;
    }
    switch (message.kind()) {
      case WRITE -> {}
      case DOORBELL -> later(() -> fetch(message));
      default -> world.judge.fail(Rule.BYTES_INTACT, who + ": a driver does not say " + message);
    }
    if (message.kind() == Message.Kind.DOORBELL) {
      jobs.put(message.id(), message);
    }
  }

  /** Goes on when the card gets round to it, if there was no reset meanwhile. */
  private void later(Runnable work) {
    int before = generation();
    world.after(
        random.nextInt(500) * World.US,
        () ->
            node.turn(
                () -> {
                  if (!mischief.fencesReset() || before == generation() && !awaitsGeneration) {
                    work.run();
                  }
                }));
  }

  private void fetch(Message doorbell) {
    Card by = current();
    if (!by.isOver() && !by.read(64, random.nextInt(16) == 0, doorbell.id())) {
      later(() -> fetch(doorbell));
    }
  }

  /** A bug: what an earlier owner asked for is done for the next one. */
  void goOn() {
    jobs.values().forEach(doorbell -> later(() -> finish(doorbell)));
  }

  /** Where what this card does goes: a card that is not fenced goes on for its next owner. */
  private Card current() {
    boolean haunts = isOver() && !mischief.fencesDetach();
    return haunts && slot.holder() instanceof Card next ? next : this;
  }

  @Override
  void onJobRead(int job) {
    Message doorbell = jobs.get(job);
    if (doorbell != null) {
      later(() -> finish(doorbell));
    }
  }

  private void finish(Message doorbell) {
    Card to = current();
    if (to.isOver()) {
      return;
    }
    jobs.remove(doorbell.id());
    boolean msiWaits = mischief.msiWaits();
    if (!msiWaits) {
      to.send(msi(doorbell, to));
    }
    for (int part = 0; part < doorbell.parts(); part++) {
      to.send(data(doorbell, part, to));
    }
    if (msiWaits) {
      to.send(msi(doorbell, to));
    }
  }

  private static Message msi(Message doorbell, Card by) {
    return new Message(Message.Kind.MSI, by.generation(), doorbell.id(), 0, 0, Message.MSI_BYTES);
  }

  private static Message data(Message doorbell, int part, Card by) {
    return new Message(
        Message.Kind.DATA,
        by.generation(),
        doorbell.id(),
        part,
        doorbell.parts(),
        doorbell.bytes());
  }

  @Override
  public void onHotReset() {
    slot.touched(this);
    world.trace.say(who, "hot reset");
    if (mischief.fencesReset()) {
      jobs.clear();
      nextGeneration(generation());
      awaitsGeneration = true;
    }
  }

  @Override
  public void onDown() {
    if (finish()) {
      world.trace.say(who, "is down");
      slot.onDown(this);
    }
  }

  @Override
  public String toString() {
    return super.toString() + ", " + jobs.size() + " jobs open";
  }
}
