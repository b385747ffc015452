package farslot.cards.uart16550.modem;

import farslot.function.Agent;
import farslot.function.Call;
import java.lang.foreign.MemorySegment;

/** A call between two modems of one card: two ends, each with what was sent to it. */
final class CallPair {
  private static final int BYTES = 1 << 13;

  private final Agent agent;
  private final Side caller;
  private final Side called;

  CallPair(Agent agent, String from, String to) {
    this.agent = agent;
    caller = new Side(to);
    called = new Side(from);
    caller.peer = called;
    called.peer = caller;
  }

  Call caller() {
    return caller;
  }

  Call called() {
    return called;
  }

  private final class Side implements Call {
    private final String name;
    private final ByteQueue come = new ByteQueue(BYTES);
    private final Runnable step = this::step;
    private Side peer;
    private Listener listener;
    private boolean posted;
    private boolean connected;
    private boolean held;
    private boolean closed;
    private boolean ended;

    /** The peer was given less room than it asked for. */
    private boolean wanted;

    /** We were, and there is room now. */
    private boolean room;

    Side(String name) {
      this.name = name;
    }

    @Override
    public void open(Listener listener) {
      this.listener = listener;
      post();
    }

    private void post() {
      if (!posted && !closed && listener != null) {
        posted = true;
        agent.execute(step);
      }
    }

    private void step() {
      posted = false;
      if (!closed && !connected) {
        connected = true;
        listener.onConnected();
      }
      deliver();
      if (!closed && room) {
        room = false;
        listener.onRoom();
      }
      if (!closed && !ended && peer.closed && come.size() == 0) {
        ended = true;
        listener.onEnded(peer.connected ? End.HUNG_UP : End.REFUSED);
      }
    }

    private void deliver() {
      while (!closed && !held && come.size() > 0) {
        int bytes = come.contiguous();
        int taken = listener.onBytes(come.memory(), come.offset(), bytes);
        come.drop(taken);
        held = taken < bytes;
        if (taken > 0 && wanted) {
          wanted = false;
          peer.room = true;
          peer.post();
        }
      }
    }

    @Override
    public int send(MemorySegment from, long offset, int bytes) {
      if (peer.closed) {
        return bytes;
      }
      int taken = peer.come.put(from, offset, bytes);
      peer.wanted |= taken < bytes;
      peer.post();
      return taken;
    }

    @Override
    public void resume() {
      held = false;
      post();
    }

    @Override
    public String toString() {
      return name;
    }

    @Override
    public void close() {
      if (!closed) {
        closed = true;
        peer.post();
      }
    }
  }
}
