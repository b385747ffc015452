package farslot.linux;

/** Linux error numbers that the code distinguishes, and their words. */
public final class Errno {
  public static final int EAGAIN = 11;

  private Errno() {}

  /** For people: {@code EAGAIN (11)}. */
  public static String describe(int errno) {
    return "errno " + errno;
  }
}
