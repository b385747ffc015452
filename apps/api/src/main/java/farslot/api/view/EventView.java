package farslot.api.view;

import java.util.Map;

/**
 * Something that happened, as {@code GET /api/v1/events} and {@code /watch} tell it.
 *
 * @param revision with which it was recorded
 * @param atMs since 1970
 * @param what in one word, such as {@code assigned}
 * @param subject to what
 * @param by who did it; "" for the manager itself
 * @param message for people
 */
public record EventView(
    long revision,
    long atMs,
    String what,
    String subject,
    String by,
    String message,
    Map<String, String> details) {}
