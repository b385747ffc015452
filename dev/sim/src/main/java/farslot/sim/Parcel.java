package farslot.sim;

/**
 * Something on its way over a wire.
 *
 * @param frame null for the end of the connection
 * @param cause why the connection ends
 */
record Parcel(long arrivalNs, long serial, byte[] frame, String cause)
    implements Comparable<Parcel> {
  boolean isEnd() {
    return frame == null;
  }

  @Override
  public int compareTo(Parcel other) {
    int byTime = Long.compare(arrivalNs, other.arrivalNs);
    return byTime != 0 ? byTime : Long.compare(serial, other.serial);
  }
}
