package farslot.fuzz;

import farslot.link.AttachRefusal;
import farslot.link.AttachRequest;
import farslot.link.Credits;
import farslot.link.FunctionIdentity;
import farslot.link.LinkAcceptor;
import farslot.link.LinkConfig;
import farslot.link.LinkEnd;
import farslot.link.LinkSizes;
import farslot.pcie.FlowClass;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** An appliance's end of links, whose peers say anything. */
final class AcceptorTarget implements Target {
  static final LinkSizes SIZES =
      LinkSizes.USUAL.withReplayBytes(1 << 18).withPayload(512, 512).withBounds(4, 8);
  static final Credits CREDITS = new Credits(16, 1024, 8, 512, 0, 0);
  private static final FunctionIdentity IDENTITY = new FunctionIdentity(1, 2, 3, 4, 5, 6, 7);

  @Override
  public void run(byte[] input) {
    Appliance appliance = new Appliance();
    new LinkScript(new Script(input), appliance).run();
    appliance.judge();
  }

  private static final class Appliance implements LinkScript.End {
    private final List<AttachRequest> waiting = new ArrayList<>();
    private final List<Recipient> functions = new ArrayList<>();
    private final LinkAcceptor acceptor =
        new LinkAcceptor(
            LinkConfig.of("appliance", 22).with(SIZES),
            this::onAttach,
            event -> event.words(),
            new SplittableRandom(3));

    private void onAttach(AttachRequest request) {
      if (request.functionName().startsWith("w")) {
        waiting.add(request);
      } else {
        answer(request);
      }
    }

    private void answer(AttachRequest request) {
      if (request.functionName().startsWith("n")) {
        request.refuse(AttachRefusal.NO_SUCH_FUNCTION, "", "no");
        return;
      }
      Recipient function = new Recipient();
      functions.add(function);
      function.stream = request.accept(function, 9, CREDITS, IDENTITY);
    }

    @Override
    public LinkEnd link() {
      return acceptor;
    }

    @Override
    public void onRail(PeerRail rail, long nowNs) {
      rail.listener = acceptor.onRail(rail, nowNs);
    }

    @Override
    public void work(Script script, long nowNs) {
      int what = script.u8();
      if (what % 8 == 7) {
        waiting.forEach(this::answer);
        waiting.clear();
      } else if (!functions.isEmpty()) {
        Recipient function = functions.get(what / 8 % functions.size());
        switch (what % 8) {
          case 0 -> function.send(FlowClass.NON_POSTED, Tlps.memoryRead(0x1000, 1));
          case 1 -> function.stream.detach("script");
          case 4 -> function.along(script.u8(), script.u16());
          default ->
              function.send(FlowClass.POSTED, Tlps.memoryWrite(0x1000, 4 * (8 + script.u8() / 4)));
        }
      }
    }

    void judge() {
      for (Recipient function : functions) {
        if (function.failure != null) {
          throw new AssertionError(function.failure);
        }
      }
      if (acceptor.sessions().size() > SIZES.sessionsMax()) {
        throw new AssertionError("more sessions than it may have");
      }
    }
  }

  @Override
  public List<byte[]> seeds() {
    byte[] write = Tlps.memoryWrite(0x1000, 16);
    byte[] read = Tlps.memoryRead(0x1000, 7);
    return List.of(
        new LinkScript.Writer()
            .frame(Frames.HELLO, Frames.hello("server-1"))
            .frame(Frames.DATA, Frames.attach(1, "disk"), Frames.attach(2, "none"))
            .frame(Frames.DATA, Frames.record(1, 1, 0, 9, write), Frames.record(1, 1, 0, 9, read))
            .work(0)
            .work(2, 100)
            .frame(Frames.DATA, Frames.credit(1, 9, 0, 80, 2000), Frames.credit(1, 9, 1, 80, 2000))
            .frame(Frames.DATA, Frames.record(1, 3, 0, 9, new byte[0]))
            .frame(Frames.DATA, Frames.push(1, 2, 0x8000, 64), Frames.push(1, 0, 0x9FFF, 1))
            .frame(
                Frames.DATA, Frames.push(1, 3, 0x8000, 4), Frames.record(1, 4, 0, 9, new byte[9]))
            .work(4, 3, 0, 9)
            .frame(
                Frames.DATA, Frames.record(1, 6, 0, 9, new byte[0]), Frames.push(1, 0, 0x8FFF, 2))
            .pass(8)
            .frame(Frames.DATA, Frames.parting(1, 0x13, 9))
            .frame(Frames.BYE, Frames.refusal(0))
            .done(),
        new LinkScript.Writer()
            .deed(LinkScript.NEW_RAIL | 0x10)
            .frame(Frames.HELLO, Frames.hello("server-1"))
            .frame(Frames.DATA, Frames.attach(1, "wait"))
            .work(7)
            .frame(0, Frames.DATA, 0, 2, 0, Frames.record(1, 1, 0, 9, write))
            .frame(0, Frames.DATA, 0, 0, 0, Frames.record(1, 1, 1, 9, write))
            .frame(0, Frames.ACK, 4, 0, -1)
            .work(2, 200)
            .pass(100)
            .deed(LinkScript.DOWN)
            .deed(LinkScript.NEW_RAIL | 0x10)
            .frame(Frames.HELLO, Frames.hello("server-1"))
            .frame(Frames.DATA, Frames.record(1, 1, 0, 9, read))
            .done(),
        new LinkScript.Writer()
            .deed(LinkScript.NEW_RAIL | 0x10)
            .frame(Frames.HELLO, Frames.hello("server-1", 0))
            .frame(Frames.DATA, Frames.attach(1, "disk"))
            .deed(LinkScript.NEW_RAIL | 0x10)
            .frame(Frames.HELLO, Frames.hello("server-1", 1))
            .frame(0, Frames.ACK, 0, 0, 0)
            .work(2, 250)
            .work(2, 250)
            .work(2, 250)
            .frame(0, Frames.DATA, 0x10, 1, -2, Frames.record(1, 1, 0, 9, write))
            .frame(0, Frames.ACK, 0x40, 0, -2, new byte[] {1, 0, 0, 0, 2, 0, 0, 0})
            .deed(LinkScript.USE)
            .deed(1)
            .frame(0, Frames.DATA, 0, 0, 0, Frames.record(1, 1, 1, 9, write))
            .pass(400)
            .done());
  }
}
