package farslot.cards.nvme.spec;

/** Asynchronous events (Base 5.2, figures 145 to 149). */
public final class Event {
  // Types, bits 2:0 of the completion's dword 0; information is in bits 15:8, log page in 23:16.
  public static final int TYPE_ERROR = 0;
  public static final int TYPE_SMART = 1;
  public static final int TYPE_NOTICE = 2;
  public static final int TYPES = 3;

  public static final int ERROR_INVALID_DOORBELL_REGISTER = 0;
  public static final int ERROR_INVALID_DOORBELL_VALUE = 1;
  public static final int ERROR_PERSISTENT_INTERNAL = 3;

  public static final int SMART_TEMPERATURE = 1;
  public static final int SMART_SPARE = 2;

  public static final int NOTICE_NAMESPACE_ATTRIBUTE = 0;

  private Event() {}
}
