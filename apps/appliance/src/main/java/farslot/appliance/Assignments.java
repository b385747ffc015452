package farslot.appliance;

import farslot.link.AttachHandler;
import farslot.link.AttachRefusal;
import farslot.link.AttachRequest;
import farslot.link.Credits;
import farslot.link.LinkStream;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.Executor;

/**
 * Who gets which function. One server at a time; each assignment has a higher epoch than all before
 * it, and the disk knows of it, or of a higher one, before the server does. The link itself keeps a
 * function that is held from being asked for again, and lets a server that has restarted take the
 * place of its former self.
 */
final class Assignments implements AttachHandler {
  private final Map<String, Slot> slots;
  private final EpochStore epochs;
  private final Admission admission;
  private final Executor disk;
  private final Executor agent;

  /**
   * @param admission who may have what
   * @param disk where waiting for the disk is allowed
   * @param agent the data thread
   */
  Assignments(
      Map<String, Slot> slots,
      EpochStore epochs,
      Admission admission,
      Executor disk,
      Executor agent) {
    this.slots = slots;
    this.epochs = epochs;
    this.admission = admission;
    this.disk = disk;
    this.agent = agent;
  }

  @Override
  public void onAttach(AttachRequest request) {
    Slot slot = find(request.functionName());
    if (slot == null) {
      refuse(
          request,
          AttachRefusal.NO_SUCH_FUNCTION,
          "",
          "no slot of this name here; there are " + slots.keySet());
    } else if (!slot.isPresent()) {
      refuse(request, AttachRefusal.NOT_READY, "", absence(slot));
    } else if (slot.stream() != null) {
      String holder = slot.stream().session().peer().nodeName();
      refuse(request, AttachRefusal.HELD, holder, "held by " + holder);
    } else if (slot.assigning()) {
      refuse(request, AttachRefusal.HELD, "", "being assigned to another server just now");
    } else {
      assign(request, slot);
    }
  }

  /** The function's slot, or that of the card which should have it and could not be made. */
  private Slot find(String function) {
    Slot slot = slots.get(function);
    for (int dot = function.lastIndexOf('.');
        slot == null && dot > 0;
        dot = function.lastIndexOf('.', dot - 1)) {
      Slot whole = slots.get(function.substring(0, dot));
      slot = whole != null && whole.hasFailed() ? whole : null;
    }
    return slot;
  }

  private void assign(AttachRequest request, Slot slot) {
    switch (admission.judge(request, epochs.highest(slot.name()))) {
      case Admission.Verdict.Refused refused -> refuse(request, refused.code(), "", refused.text());
      case Admission.Verdict.Admitted admitted -> assign(request, slot, admitted.epoch());
    }
  }

  private void assign(AttachRequest request, Slot slot, long epoch) {
    if (epochs.raisedAtOnce(slot.name(), epoch)) {
      grant(request, slot, epoch);
    } else {
      slot.assigning(true);
      disk.execute(() -> persist(request, slot, epoch));
    }
  }

  private void persist(AttachRequest request, Slot slot, long epoch) {
    String problem;
    try {
      epochs.raise(slot.name(), epoch);
      problem = null;
    } catch (IOException e) {
      problem = "the epoch cannot be recorded: " + e;
    }
    String failed = problem;
    agent.execute(() -> conclude(request, slot, epoch, failed));
  }

  private void conclude(AttachRequest request, Slot slot, long epoch, String failed) {
    slot.assigning(false);
    if (failed != null) {
      refuse(request, AttachRefusal.NOT_READY, "", failed);
      return;
    }
    if (!slot.isPresent()) {
      refuse(request, AttachRefusal.NOT_READY, "", absence(slot));
      return;
    }
    // Meanwhile the manager may have given it to somebody else. This epoch counts as used.
    if (admission.judge(request, epoch - 1) instanceof Admission.Verdict.Refused refused) {
      refuse(request, refused.code(), "", refused.text());
      return;
    }
    grant(request, slot, epoch);
  }

  private void grant(AttachRequest request, Slot slot, long epoch) {
    LinkStream stream = request.accept(slot.endpoint(), epoch, Credits.DEFAULT, slot.identity());
    if (stream.isUp()) {
      slot.connect(stream);
    }
  }

  private static String absence(Slot slot) {
    return (slot.hasFailed() ? "the slot has failed: " : "the slot is empty: ") + slot.absence();
  }

  private void refuse(AttachRequest request, AttachRefusal code, String holder, String text) {
    request.refuse(code, holder, text);
  }
}
