package farslot.replay;

import java.util.List;

/**
 * All that a capture shows of one function, in order.
 *
 * @param function the function's name; or which stream, when the capture does not tell
 */
public record Conversation(String function, List<Utterance> utterances) {}
