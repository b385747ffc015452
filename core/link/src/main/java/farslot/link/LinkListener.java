package farslot.link;

/** Who is told what happens to sessions and streams; not on the TLP path. */
public interface LinkListener {
  /** On the owner's thread. Must not throw. */
  void onEvent(LinkEvent event);
}
