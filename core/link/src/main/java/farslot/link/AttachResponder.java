package farslot.link;

import farslot.pcie.TlpIn;
import java.util.Optional;

/** The appliance's half of attaching and detaching, for one session. */
final class AttachResponder implements LinkSession.Control {
  /** Answers that wait for room at most: who asks on has not acknowledged hundreds before. */
  private static final int ANSWERS_WAITING_MAX = 1024;

  private final LinkSession session;
  private final AttachHandler handler;
  private final Holders holders;
  private int unanswered;
  private boolean over;

  AttachResponder(LinkSession session, AttachHandler handler, Holders holders) {
    this.session = session;
    this.handler = handler;
    this.holders = holders;
  }

  LinkSession session() {
    return session;
  }

  @Override
  public void onControl(FrameView record) {
    switch (record.kind()) {
      case FrameFormat.ATTACH -> onAttach(record);
      case FrameFormat.DETACH -> onDetach(record);
      default -> session.counters().droppedRecordsWrongDirection++;
    }
  }

  private void onAttach(FrameView record) {
    if (record.stream() != 0) {
      session.counters().droppedRecordsUnknownStream++;
      return;
    }
    var attach = ControlRecord.Attach.read(record.segment(), record.bodyOffset());
    if (session.sender().controlWaiting() >= ANSWERS_WAITING_MAX) {
      session.violation("asks, and does not listen to the answers");
      return;
    }
    AttachRequest request = new AttachRequest(this, attach);
    Optional<AttachRequest> holder = holders.holder(attach.functionName());
    if (session.streams().count() + unanswered >= session.terms().streamsMax()) {
      send(request, AttachRefusal.NO_RESOURCES, "", "as many functions as a session may have");
    } else if (holder.isPresent()) {
      String name = holder.get().peer().nodeName();
      send(request, AttachRefusal.HELD, name, "held by " + holder.get().holderWords());
    } else {
      holders.take(request);
      unanswered++;
      ask(request);
    }
  }

  private void ask(AttachRequest request) {
    try {
      handler.onAttach(request);
    } catch (RuntimeException | AssertionError e) {
      session.counters().functionFailures++;
      if (request.isOpen()) {
        request.refuse(AttachRefusal.NOT_READY, "", "the appliance failed: " + e);
      }
    }
  }

  /** The handler says yes. */
  LinkStream accept(
      AttachRequest request, TlpIn in, long epoch, Credits grants, FunctionIdentity identity) {
    unanswered--;
    ControlRecord.Attach attach = request.record();
    int id = over ? 0 : session.streams().freeId();
    LinkStream stream =
        new LinkStream(session, id, attach.functionName(), epoch, in, attach.credits(), grants);
    if (over) {
      holders.release(request);
      stream.stillborn();
      return stream;
    }
    stream.onEnd(() -> holders.release(request));
    session.streams().put(stream);
    session
        .sender()
        .control(
            id,
            stream.epochTag(),
            new ControlRecord.Attached(attach.requestId(), epoch, grants, identity));
    session.listener().onEvent(new LinkEvent.StreamUp(stream));
    return stream;
  }

  /** The handler says no. */
  void refuse(AttachRequest request, AttachRefusal code, String holder, String text) {
    unanswered--;
    holders.release(request);
    if (!over) {
      send(request, code, holder, text);
    }
  }

  private void send(AttachRequest request, AttachRefusal code, String holder, String text) {
    ControlRecord.Attach attach = request.record();
    session
        .sender()
        .control(0, 0, new ControlRecord.Refused(attach.requestId(), code, holder, text));
    session
        .listener()
        .onEvent(
            new LinkEvent.AttachRefused(session.peer(), attach.functionName(), code, holder, text));
  }

  private void onDetach(FrameView record) {
    LinkStream stream = session.streams().get(record.stream());
    if (stream == null || stream.epochTag() != record.epochTag()) {
      session.counters().droppedRecordsUnknownStream++;
      return;
    }
    String cause = ControlRecord.Parting.readCause(record.segment(), record.bodyOffset());
    session.streams().remove(stream);
    if (stream.partedByPeer("by the initiator: " + cause)) {
      session.part(stream, "as asked");
    }
  }

  @Override
  public void down(String cause) {
    over = true;
  }
}
