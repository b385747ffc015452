package farslot.capture;

import static org.assertj.core.api.Assertions.assertThat;

import farslot.link.AttachRefusal;
import farslot.link.FrameCheck;
import farslot.link.FrameError;
import farslot.link.FrameFormat;
import farslot.link.RefuseCode;
import farslot.pcie.CompletionStatus;
import farslot.pcie.FlowClass;
import farslot.pcie.MessageCode;
import farslot.pcie.TlpType;
import java.lang.foreign.MemorySegment;
import java.lang.reflect.Field;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The dissector's tables say what the product's constants say, no more and no less. */
class DissectorTablesTest {
  private static final Map<String, Integer> CONSTANTS = constants();

  private static Map<String, Integer> constants() {
    Map<String, Integer> constants = new HashMap<>();
    for (Field field : FrameFormat.class.getFields()) {
      try {
        constants.put(field.getName(), field.getInt(null));
      } catch (IllegalAccessException e) {
        throw new AssertionError(e);
      }
    }
    return constants;
  }

  /** Constants of the frame's format from one name to another, as they stand in the source. */
  private static Map<Integer, String> named(String... names) {
    Map<Integer, String> named = new HashMap<>();
    for (String name : names) {
      named.put(CONSTANTS.get(name), name);
    }
    return named;
  }

  @Test
  void layout() {
    assertThat(Dissector.table("LAYOUT"))
        .isNotEmpty()
        .allSatisfy(
            (name, value) ->
                assertThat(Integer.decode(value)).as(name).isEqualTo(CONSTANTS.get(name)));
    CONSTANTS.keySet().stream()
        .filter(
            name ->
                name.startsWith("FLAG_")
                    || name.startsWith("RECORD_MORE")
                    || name.startsWith("RECORD_STEADY")
                    || name.startsWith("EVENT_HARMLESS"))
        .forEach(name -> assertThat(Dissector.table("LAYOUT")).containsKey(name));
  }

  @Test
  void frameTypesAndRecordKinds() {
    assertThat(Dissector.numbered("FRAME_TYPES"))
        .isEqualTo(named("HELLO", "WELCOME", "REFUSE", "DATA", "ACK", "BYE", "DISCOVER", "OFFER"));
    assertThat(Dissector.table("CAPABILITIES"))
        .isNotEmpty()
        .allSatisfy(
            (name, value) ->
                assertThat(Integer.decode(value)).as(name).isEqualTo(CONSTANTS.get(name)));
    assertThat(Dissector.numbered("RECORD_KINDS"))
        .isEqualTo(
            named(
                "TLP",
                "CREDIT",
                "HOT_RESET",
                "PUSH",
                "EVENT",
                "REVOKE",
                "ATTACH",
                "ATTACHED",
                "REFUSED",
                "DETACH",
                "DETACHED"));
  }

  /** What the product takes is in the tables, whatever is added to it. */
  @Test
  void nothingThatIsTakenIsMissing() {
    FrameCheck check = new FrameCheck();
    for (int type = 0; type < 256; type++) {
      byte[] frame = Frames.frame(type, 0, 1);
      if (check.check(MemorySegment.ofArray(frame), 0, 40, 65532, false) != FrameError.TYPE) {
        assertThat(Dissector.numbered("FRAME_TYPES")).containsKey(type);
      }
    }
    for (int kind = 0; kind < FrameFormat.KIND_SKIPPABLE; kind++) {
      byte[] frame = Frames.data(1, Frames.record(1, kind, 0, new byte[0]));
      FrameError error = check.check(MemorySegment.ofArray(frame), 0, frame.length, 65532, false);
      if (error != FrameError.RECORD_KIND) {
        assertThat(Dissector.numbered("RECORD_KINDS")).containsKey(kind);
      }
    }
  }

  @Test
  void codes() {
    Map<Integer, String> refuse = new HashMap<>();
    for (RefuseCode code : RefuseCode.values()) {
      refuse.put(code.code(), code.name());
    }
    assertThat(Dissector.numbered("REFUSE_CODES")).isEqualTo(refuse);
    Map<Integer, String> attach = new HashMap<>();
    for (AttachRefusal code : AttachRefusal.values()) {
      if (code != AttachRefusal.NO_SESSION) { // Never on the wire.
        attach.put(code.code(), code.name());
      }
    }
    assertThat(Dissector.numbered("ATTACH_REFUSALS")).isEqualTo(attach);
    Map<Integer, String> status = new HashMap<>();
    for (CompletionStatus each : CompletionStatus.values()) {
      status.put(each.code(), each.name());
    }
    assertThat(Dissector.numbered("STATUSES")).isEqualTo(status);
    Map<Integer, String> flow = new HashMap<>();
    for (FlowClass each : FlowClass.values()) {
      flow.put(each.ordinal(), each.name());
    }
    assertThat(Dissector.numbered("FLOW_CLASSES")).isEqualTo(flow);
  }

  @Test
  void tlpTypes() {
    Map<Integer, String> types = new TreeMap<>();
    for (int fmtType = 0; fmtType < 256; fmtType++) {
      if (TlpType.isDefined(fmtType)) {
        types.put(fmtType, TlpType.name(fmtType));
      }
    }
    assertThat(new TreeMap<>(Dissector.numbered("TLP_TYPES"))).isEqualTo(types);
  }

  @Test
  void messages() {
    Map<Integer, String> codes = new TreeMap<>();
    for (int code = 0; code < 256; code++) {
      if (!MessageCode.name(code).startsWith("code ")) {
        codes.put(code, MessageCode.name(code));
      }
    }
    assertThat(new TreeMap<>(Dissector.numbered("MESSAGE_CODES"))).isEqualTo(codes);
    Map<Integer, String> routings = new TreeMap<>();
    for (int routing = 0; routing < 8; routing++) {
      if (!MessageCode.routingName(routing).startsWith("routing ")) {
        routings.put(routing, MessageCode.routingName(routing));
      }
    }
    assertThat(new TreeMap<>(Dissector.numbered("MESSAGE_ROUTINGS"))).isEqualTo(routings);
  }
}
