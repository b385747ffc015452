package farslot.fuzz;

import farslot.fabric.LocalFunction;
import java.util.List;

/**
 * A server's root port, behind which sits a card that sends any TLPs, in front of which sits a
 * guest that does anything. Every access is answered once and in time; no byte of the server
 * outside of its windows changes.
 */
final class RootPortTarget implements Target {
  static final int TLP = 0;
  static final int READ = 1;
  static final int WRITE = 2;
  static final int PASS = 3;
  static final int RESET = 4;
  static final int ARM = 5;
  static final int ANSWER = 6;
  static final int LINK = 7;
  static final int CARD = 8;
  static final int WINDOW = 9;
  static final int EVENT = 10;
  static final int HARMLESS = 11;
  private static final int CODES = 12;
  private static final int DEEDS_MAX = 300;

  @Override
  public void run(byte[] input) {
    Script script = new Script(input);
    Server server = new Server();
    server.attach();
    for (int i = 0; i < DEEDS_MAX && script.goesOn(); i++) {
      deed(server, script.u8(), script);
      server.settle();
    }
    server.judge();
  }

  private static void deed(Server server, int code, Script script) {
    switch (code % CODES) {
      case TLP -> server.fromCard(Tlps.scripted(script));
      case READ -> server.read(region(script), offset(script), 1 + (script.u8() & 0x3F));
      case WRITE -> {
        int region = region(script);
        long offset = offset(script);
        server.write(region, offset, script.bytes(1 + (script.u8() & 0x3F)));
      }
      case PASS -> server.pass(script.u16() * 1_000_000L);
      case RESET -> server.reset();
      case ARM -> server.arm(script.u8() % LocalFunction.IRQ_COUNT, script.u8() & 0x3F);
      case ANSWER -> server.answer(script);
      case LINK -> server.relink((code / CODES & 1) == 0);
      case CARD -> server.cardAnswers((code / CODES & 1) == 0);
      case WINDOW -> server.window(script.u8());
      case EVENT -> server.event(script.u8() % 6, offset(script), script.u16(), script.u8() + 1);
      default -> server.harmless(script.u8() % 6, offset(script), 4L * script.u16() + 4);
    }
  }

  private static int region(Script script) {
    return script.u8() % LocalFunction.REGION_COUNT;
  }

  private static long offset(Script script) {
    return script.u16();
  }

  @Override
  public List<byte[]> seeds() {
    Script.Writer usual = new Script.Writer();
    usual.u8(READ, 7, 0, 0, 3).u8(WRITE, 7, 0, 4, 1, 6, 0).u8(READ, 0, 0, 0, 3);
    usual.u8(WRITE, 0, 0, 0x10, 3, 1, 2, 3, 4).u8(ARM, 2, 4).u8(WRITE, 0, 0, 0x40, 3, 1, 0, 0, 0);
    usual.u8(TLP);
    Tlps.write(usual, Tlps.memoryWrite(0x10000, 64));
    usual.u8(TLP);
    Tlps.write(usual, Tlps.memoryRead(0x10000, 7));
    usual.u8(TLP);
    Tlps.write(usual, Tlps.memoryRead(0x90000, 8));
    usual.u8(TLP);
    Tlps.write(usual, TlpTarget.bytes(0x34, 0, 0, 0, 1, 0, 0, 0x20, 0, 0, 0, 0, 0, 0, 0, 0));
    usual.u8(TLP);
    Tlps.write(usual, TlpTarget.bytes(0x4C, 0, 0, 1, 1, 0, 3, 0, 0, 1, 0, 0, 1, 2, 3, 4));
    usual.u8(WINDOW, 1).u8(RESET).u8(PASS, 0, 200).u8(LINK).u8(PASS, 1, 0).u8(LINK + CODES);
    usual.u8(HARMLESS, 2, 0, 0, 0, 0xFF).u8(EVENT, 0, 0, 0, 0, 30, 23).u8(READ, 0, 0, 0, 3);
    usual.u8(READ, 2, 0, 0, 63).u8(WRITE, 4, 0, 0, 3, 1, 2, 3, 4);
    Script.Writer silent = new Script.Writer();
    silent.u8(CARD + CODES).u8(READ, 0, 0, 0, 3).u8(READ, 7, 0, 0, 3).u8(READ, 0, 0, 2, 30);
    silent.u8(ANSWER, 0, 0, 1, 2, 3, 4).u8(ANSWER, 0, 0x1F).u8(ANSWER, 0, 0x0E, 1, 2);
    silent.u8(WRITE, 7, 0, 4, 1, 6, 0).u8(ANSWER, 0, 0x2F).u8(PASS, 20, 0).u8(CARD).u8(RESET);
    return List.of(usual.done(), silent.done());
  }
}
