package farslot.replay;

import farslot.pcie.FlowClass;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A conversation, understood: what is to be said, what is waited for, what answers what. */
final class Score {
  /** What a note asks of the replay. */
  enum Part {
    /** Say it: a posted request of the server. */
    POSTED,
    /** Say it: a request that wants an answer. */
    REQUEST,
    /** Say it, to the card's read: a completion. */
    COMPLETION,
    /** The card reads. */
    CARD_READ,
    /** The card writes, or sends a message. */
    CARD_POSTED,
    /** The card has answered; stands where the last completion does. */
    CARD_ANSWER,
    /** Say it, if the link does: memory for the card. */
    PUSH,
    /** Say it: what was pushed is void. */
    REVOKE,
    /** Reset the card. */
    RESET,
    /** Means nothing here: completions of what began before the capture, parts of answers. */
    NOTHING
  }

  /**
   * One utterance.
   *
   * @param said null for what is no TLP
   * @param exchange null for what has none
   */
  record Note(Part part, Utterance utterance, Said said, Exchange exchange) {}

  private final List<Note> notes = new ArrayList<>();
  private final Map<Integer, Exchange> ofServer = new HashMap<>();
  private final Map<Integer, Exchange> ofCard = new HashMap<>();
  private final PushedMemory pushed = new PushedMemory();
  private long strays;

  Score(Conversation conversation) {
    for (Utterance each : conversation.utterances()) {
      notes.add(note(each));
    }
  }

  private Note note(Utterance utterance) {
    if (utterance.kind() == Utterance.Kind.RESET) {
      ofServer.clear();
      ofCard.clear();
      pushed.reset();
      return new Note(Part.RESET, utterance, null, null);
    }
    if (utterance.isPush()) {
      pushed.push(utterance);
      return new Note(Part.PUSH, utterance, null, null);
    }
    if (utterance.kind() == Utterance.Kind.REVOKE) {
      pushed.revoke();
      return new Note(Part.REVOKE, utterance, null, null);
    }
    Said said = new Said(utterance.tlp());
    boolean server = utterance.kind() == Utterance.Kind.SERVER;
    if (said.isCompletion()) {
      return completion(utterance, said, server);
    }
    if (said.tlp.flowClass() == FlowClass.POSTED) {
      return new Note(server ? Part.POSTED : Part.CARD_POSTED, utterance, said, null);
    }
    Exchange exchange = new Exchange(said, notes.size());
    exchange.pushed =
        !server && said.isRead() && pushed.live(said.tlp.firstByteAddress(), said.wanted());
    (server ? ofServer : ofCard).put(said.tlp.tag(), exchange);
    return new Note(server ? Part.REQUEST : Part.CARD_READ, utterance, said, exchange);
  }

  private Note completion(Utterance utterance, Said said, boolean server) {
    Map<Integer, Exchange> open = server ? ofCard : ofServer;
    Exchange exchange = open.get(said.tlp.tag());
    if (exchange == null) {
      strays++;
      return new Note(Part.NOTHING, utterance, said, null);
    }
    boolean last = exchange.complete(said, notes.size());
    if (last) {
      open.remove(said.tlp.tag());
    }
    Part part = server ? Part.COMPLETION : last ? Part.CARD_ANSWER : Part.NOTHING;
    return new Note(part, utterance, said, exchange);
  }

  int size() {
    return notes.size();
  }

  Note get(int index) {
    return notes.get(index);
  }

  /** Completions whose requests are not in the capture. */
  long strays() {
    return strays;
  }

  /** How many notes have one of these parts. */
  long count(Part... parts) {
    List<Part> wanted = List.of(parts);
    return notes.stream().filter(note -> wanted.contains(note.part())).count();
  }

  /** Time of a note since the first one. */
  long atNs(int index) {
    return notes.get(index).utterance().timeNs() - notes.getFirst().utterance().timeNs();
  }

  /** Whether the server writes any BAR, so that the card can know its addresses. */
  boolean assignsAddresses() {
    return notes.stream()
        .anyMatch(
            note ->
                note.part() == Part.REQUEST
                    && note.said().isConfig()
                    && note.said().tlp.dataBytes() > 0
                    && note.said().tlp.configOffset() >= FIRST_BAR
                    && note.said().tlp.configOffset() <= LAST_BAR);
  }

  // Base 7.5.1.2: registers of a type 0 header.
  private static final int FIRST_BAR = 0x10;
  private static final int LAST_BAR = 0x24;
}
