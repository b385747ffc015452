package farslot.api.view;

/**
 * Something that is not as it should be.
 *
 * @param subject such as a function's path
 * @param what in words
 * @param next what to do; "" when nobody knows
 */
public record Trouble(String subject, String what, String next) {}
