package farslot.link;

/** Whom a carrier hands the rails that it has made. On the owner's thread only. */
public interface RailTaker {
  /** A rail has come up. What comes out of it goes to the listener returned. */
  RailListener onRail(Rail rail, long nowNs);
}
