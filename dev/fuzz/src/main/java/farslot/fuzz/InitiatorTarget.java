package farslot.fuzz;

import farslot.link.AttachListener;
import farslot.link.AttachRefusal;
import farslot.link.Dialer;
import farslot.link.FunctionIdentity;
import farslot.link.LinkConfig;
import farslot.link.LinkEnd;
import farslot.link.LinkInitiator;
import farslot.link.LinkStream;
import farslot.pcie.FlowClass;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** An initiator's end of a link, whose appliance says anything. */
final class InitiatorTarget implements Target {
  @Override
  public void run(byte[] input) {
    Server server = new Server();
    new LinkScript(new Script(input), server).run();
    server.judge();
  }

  /** A way to the appliance: dials when it is told to, and waits for the script. */
  private static final class Way implements Dialer {
    private Caller dials;

    @Override
    public void dial(Caller caller) {
      if (dials != null) {
        throw new AssertionError("dials while it dials");
      }
      dials = caller;
    }

    @Override
    public void abandon() {
      dials = null;
    }

    @Override
    public String describe() {
      return "script";
    }

    Caller take() {
      Caller caller = dials;
      dials = null;
      return caller;
    }
  }

  private static final class Server implements LinkScript.End {
    private static final int WAYS_MAX = 32;

    private final List<Way> ways = new ArrayList<>(List.of(new Way(), new Way(), new Way()));
    private final List<Recipient> functions = new ArrayList<>();
    private final LinkInitiator initiator =
        new LinkInitiator(
            LinkConfig.of("server-1", 11).with(AcceptorTarget.SIZES),
            List.copyOf(ways),
            event -> event.words(),
            new SplittableRandom(4));
    private boolean started;

    /** Who has dialled, the one that waits for longest first; null for nobody. */
    private Dialer.Caller caller() {
      for (int i = 0; i < ways.size(); i++) {
        Dialer.Caller caller = ways.get(i).take();
        if (caller != null) {
          ways.add(ways.remove(i));
          return caller;
        }
      }
      return null;
    }

    @Override
    public LinkEnd link() {
      return initiator;
    }

    @Override
    public void onRail(PeerRail rail, long nowNs) {
      if (!started) {
        started = true;
        initiator.start(nowNs);
      }
      Dialer.Caller caller = caller();
      if (caller != null) {
        rail.listener = caller.onRail(rail, nowNs);
      } else {
        rail.closed = true;
      }
    }

    @Override
    public void work(Script script, long nowNs) {
      int what = script.u8();
      if (what % 8 == 7) {
        attach();
      } else if (what % 8 == 5) {
        path(what / 8, nowNs);
      } else if (what % 8 == 6) {
        Dialer.Caller caller = caller();
        if (caller != null) {
          caller.onDialFailed("script", nowNs);
        }
      } else if (!functions.isEmpty()) {
        Recipient function = functions.get(what / 8 % functions.size());
        if (function.stream != null) {
          work(function, what % 8, script);
        }
      }
    }

    private void path(int which, long nowNs) {
      if (which % 2 == 0) {
        initiator.removePath(which / 2 % 8, nowNs);
      } else if (ways.size() < WAYS_MAX) {
        Way way = new Way();
        ways.add(way);
        initiator.addPath(way, nowNs);
      }
    }

    private static void work(Recipient function, int what, Script script) {
      switch (what) {
        case 0 -> function.send(FlowClass.NON_POSTED, Tlps.memoryRead(0x1000, 1));
        case 1 -> function.stream.detach("script");
        case 2 -> function.stream.hotReset();
        case 4 -> function.along(script.u8(), script.u16());
        default ->
            function.send(FlowClass.POSTED, Tlps.memoryWrite(0x1000, 4 * (8 + script.u8() / 4)));
      }
    }

    private void attach() {
      Recipient function = new Recipient();
      functions.add(function);
      initiator.attach(
          "disk",
          0,
          AcceptorTarget.CREDITS,
          function,
          new AttachListener() {
            private boolean answered;

            @Override
            public void onAttached(LinkStream stream, FunctionIdentity identity) {
              once();
              function.stream = stream;
            }

            @Override
            public void onRefused(AttachRefusal code, String holder, String text) {
              once();
            }

            private void once() {
              if (answered) {
                function.failure = new AssertionError("answered twice");
              }
              answered = true;
            }
          });
    }

    void judge() {
      for (Recipient function : functions) {
        if (function.failure != null) {
          throw new AssertionError(function.failure);
        }
      }
    }
  }

  @Override
  public List<byte[]> seeds() {
    byte[] write = Tlps.memoryWrite(0x1000, 16);
    byte[] read = Tlps.memoryRead(0x1000, 7);
    byte[] welcome = Frames.hello("appliance");
    return List.of(
        new LinkScript.Writer()
            .frame(0x10, Frames.WELCOME, 0, 0, 0, welcome)
            .frame(Frames.REFUSE, Frames.refusal(3))
            .done(),
        session(0)
            .frame(Frames.DATA, Frames.attached(1, 1, 9), Frames.record(1, 1, 0, 9, write))
            .work(0)
            .work(3, 100)
            .frame(Frames.DATA, Frames.record(1, 1, 0, 9, read), Frames.credit(1, 9, 0, 80, 2000))
            .work(2)
            .work(4, 7, 15, 0xFF)
            .work(4, 6, 0, 63)
            .frame(Frames.DATA, Frames.event(1, 1, 0x1000, 4), Frames.event(1, 0, 0x1C, 8))
            .pass(8)
            .frame(Frames.DATA, Frames.parting(1, 0x14, 9))
            .frame(Frames.BYE, Frames.refusal(10))
            .done(),
        session(0x10)
            .frame(Frames.DATA, Frames.refused(1))
            .work(7)
            .frame(0, Frames.DATA, 0, 1, 0, Frames.attached(2, 2, 9))
            .frame(0, Frames.DATA, 0, 0, 0, Frames.attached(2, 2, 9))
            .work(15, 3, 200)
            .frame(0, Frames.ACK, 4, 0, -1)
            .deed(LinkScript.DOWN)
            .pass(16_000)
            .deed(LinkScript.NEW_RAIL | 0x10)
            .frame(Frames.WELCOME, welcome)
            .done(),
        session(0x10)
            .frame(Frames.DATA, Frames.attached(1, 1, 9))
            .deed(LinkScript.NEW_RAIL | 0x10)
            .frame(Frames.WELCOME, Frames.hello("appliance", 1))
            .work(3, 250)
            .work(3, 250)
            .work(3, 250)
            .frame(0, Frames.DATA, 0, 2, -3, Frames.record(1, 1, 0, 9, write))
            .frame(0, Frames.ACK, 0x40, 0, -3, new byte[] {1, 0, 0, 0, 2, 0, 0, 0})
            .deed(LinkScript.USE)
            .deed(0)
            .frame(0, Frames.DATA, 0, 0, 0, Frames.record(1, 1, 0, 9, write))
            .work(5)
            .work(13)
            .pass(800)
            .done());
  }

  /** A session whose number the script chose, and a function asked for. */
  private static LinkScript.Writer session(int unreliable) {
    return new LinkScript.Writer()
        .deed(LinkScript.DOWN)
        .pass(400)
        .deed(LinkScript.NEW_RAIL | unreliable)
        .frame(Frames.WELCOME, Frames.hello("appliance"))
        .work(7);
  }
}
