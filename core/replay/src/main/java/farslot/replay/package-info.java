/**
 * What a capture shows of a function, and whether a card does the same again: a {@link
 * farslot.replay.Conversation} is read from a file, a {@link farslot.replay.Replay} has the
 * server's part of it and compares the card's.
 */
package farslot.replay;
