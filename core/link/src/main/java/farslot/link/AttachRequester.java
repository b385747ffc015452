package farslot.link;

import farslot.pcie.TlpIn;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The initiator's half of attaching and detaching, for one session. */
final class AttachRequester implements LinkSession.Control {
  private record Pending(String functionName, Credits credits, TlpIn in, AttachListener listener) {}

  private final LinkSession session;
  private final String serverName;
  private final Map<Integer, Pending> pending = new HashMap<>();
  private int lastRequestId;

  AttachRequester(LinkSession session, String serverName) {
    this.session = session;
    this.serverName = serverName;
  }

  /** Asks; false when as many questions are open as a session may have streams. */
  boolean attach(
      String functionName, long epoch, Credits credits, TlpIn in, AttachListener listener) {
    if (pending.size() >= session.terms().streamsMax()) {
      return false;
    }
    do {
      lastRequestId = lastRequestId + 1 & 0xFFFF;
    } while (pending.containsKey(lastRequestId));
    pending.put(lastRequestId, new Pending(functionName, credits, in, listener));
    session
        .sender()
        .control(
            0,
            0,
            new ControlRecord.Attach(lastRequestId, epoch, credits, functionName, serverName));
    return true;
  }

  @Override
  public void onControl(FrameView record) {
    switch (record.kind()) {
      case FrameFormat.ATTACHED -> onAttached(record);
      case FrameFormat.REFUSED -> onRefused(record);
      case FrameFormat.DETACHED -> onDetached(record);
      default -> session.counters().droppedRecordsWrongDirection++;
    }
  }

  private void onAttached(FrameView record) {
    var attached = ControlRecord.Attached.read(record.segment(), record.bodyOffset());
    int id = record.stream();
    Pending request = pending.remove(attached.requestId());
    if (request == null) {
      session.violation("ATTACHED answers no request");
    } else if (id == 0 || session.streams().get(id) != null) {
      refuse(request, AttachRefusal.NO_SESSION, "", "the appliance broke the protocol");
      session.violation("ATTACHED with stream " + id + ", which is taken");
    } else if (record.epochTag() != (int) (attached.epoch() & 0xFFFF)) {
      refuse(request, AttachRefusal.NO_SESSION, "", "the appliance broke the protocol");
      session.violation("ATTACHED with a tag that is not its epoch's");
    } else {
      LinkStream stream =
          new LinkStream(
              session,
              id,
              request.functionName,
              attached.epoch(),
              request.in,
              attached.credits(),
              request.credits);
      session.streams().put(stream);
      session.listener().onEvent(new LinkEvent.StreamUp(stream));
      request.listener.onAttached(stream, attached.identity());
    }
  }

  private void onRefused(FrameView record) {
    if (record.stream() != 0) {
      session.counters().droppedRecordsUnknownStream++;
      return;
    }
    var refused = ControlRecord.Refused.read(record.segment(), record.bodyOffset());
    Pending request = pending.remove(refused.requestId());
    if (request == null) {
      session.violation("REFUSED answers no request");
    } else {
      refuse(request, refused.code(), refused.holder(), refused.text());
    }
  }

  private void onDetached(FrameView record) {
    LinkStream stream = session.streams().get(record.stream());
    if (stream == null || stream.epochTag() != record.epochTag()) {
      session.counters().droppedRecordsUnknownStream++;
      return;
    }
    String cause = ControlRecord.Parting.readCause(record.segment(), record.bodyOffset());
    session.streams().remove(stream);
    if (stream.partedByPeer("by the appliance: " + cause)) {
      session.part(stream, "as asked");
    }
  }

  private void refuse(Pending request, AttachRefusal code, String holder, String text) {
    session
        .listener()
        .onEvent(
            new LinkEvent.AttachRefused(session.peer(), request.functionName, code, holder, text));
    request.listener.onRefused(code, holder, text);
  }

  @Override
  public void down(String cause) {
    List<Pending> open = List.copyOf(pending.values());
    pending.clear();
    open.forEach(request -> refuse(request, AttachRefusal.NO_SESSION, "", cause));
  }
}
