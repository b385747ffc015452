package farslot.fabric;

/** Nobody listens yet. */
final class NoListener implements LocalFunction.Listener {
  static final NoListener INSTANCE = new NoListener();

  private NoListener() {}

  @Override
  public void onInterrupt(int kind, int vector) {}

  @Override
  public void onPresence(boolean present, String cause) {}

  @Override
  public void onRoom() {}
}
