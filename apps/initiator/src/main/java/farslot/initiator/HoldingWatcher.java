package farslot.initiator;

/** Who wants to know what becomes of a function. On the data thread. */
interface HoldingWatcher {
  /** Its card can be used, for the first time or again, and the server's software can find it. */
  void onPresent();

  /** Its card is away; it is sought. */
  void onAbsent(String cause);

  /** It is not granted; it is asked for again and again. */
  void onRefused(String why);

  /** It cannot be shown to the server's software, and is given up. */
  void onFailed(String why);

  /** Calls once, when it is clear for the first time whether the function can be had. */
  static HoldingWatcher settling(Runnable settled) {
    return new HoldingWatcher() {
      private boolean told;

      @Override
      public void onPresent() {
        settle();
      }

      @Override
      public void onAbsent(String cause) {
        settle();
      }

      @Override
      public void onRefused(String why) {
        settle();
      }

      @Override
      public void onFailed(String why) {
        settle();
      }

      private void settle() {
        if (!told) {
          told = true;
          settled.run();
        }
      }
    };
  }
}
