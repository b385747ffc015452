package farslot.vfiouser.client;

import farslot.vfiouser.wire.Capabilities;
import farslot.vfiouser.wire.Json;
import farslot.vfiouser.wire.VfioUserMessage;
import farslot.vfiouser.wire.Wire;
import java.nio.charset.StandardCharsets;

/**
 * What a server answered to VERSION.
 *
 * @param msgFdsMax most descriptors that it takes with one message
 * @param twinFd which of the descriptors that came along is the socket for its own commands; -1 if
 *     they come by the one that all else comes by
 */
record ServerVersion(int msgFdsMax, int twinFd) {
  /** Data that we take in one DMA_WRITE, and give in one DMA_READ, bytes. */
  static final int OUR_DATA_BYTES = Wire.DATA_XFER_BYTES_DEFAULT;

  /** Descriptors that we take with one message: as many as a region may have areas. */
  static final int OUR_MSG_FDS = 16;

  /** Nobody puts more into a message. */
  private static final int MSG_FDS_MAX = 64;

  /** The version that we propose: everybody speaks it. */
  static final int OUR_MINOR = 0;

  /** There is no session to be had; the message says why. */
  static final class RefusedException extends Exception {
    private static final long serialVersionUID = 1;

    RefusedException(String why) {
      super(why);
    }
  }

  /**
   * What we say. Servers that have to wait for our answers to their commands (libvfio-user's do)
   * cannot have our commands come in between: they get a socket of their own for that.
   */
  static byte[] proposal() {
    String text =
        "{\"capabilities\":{\"max_msg_fds\":%d,\"max_data_xfer_size\":%d,"
            .formatted(OUR_MSG_FDS, OUR_DATA_BYTES);
    return (text + "\"twin_socket\":{\"supported\":true}}}\0").getBytes(StandardCharsets.US_ASCII);
  }

  /**
   * @param fds how many descriptors came with it
   */
  static ServerVersion parse(VfioUserMessage reply, int fds) throws RefusedException {
    if (reply.payloadBytes() < Wire.VERSION_BYTES) {
      throw new RefusedException("answers VERSION without a version");
    }
    int major = reply.u16(Wire.MAJOR_AT);
    int minor = reply.u16(Wire.MINOR_AT);
    if (major != Wire.MAJOR || minor > OUR_MINOR) {
      throw new RefusedException("speaks version " + major + "." + minor + ", not 0." + OUR_MINOR);
    }
    try {
      Capabilities capabilities = Capabilities.of(reply);
      int dataBytesMax = capabilities.number("max_data_xfer_size", 1, Wire.DATA_XFER_BYTES_DEFAULT);
      if (dataBytesMax < Wire.PAGE_BYTES) {
        throw new RefusedException("takes only " + dataBytesMax + " bytes at once");
      }
      int twinFd = twinFd(capabilities.part("twin_socket"), fds);
      if (fds != (twinFd < 0 ? 0 : 1)) {
        throw new RefusedException("sends " + fds + " descriptors with VERSION");
      }
      int msgFds = capabilities.number("max_msg_fds", 1, Wire.MSG_FDS_DEFAULT);
      return new ServerVersion(Math.min(msgFds, MSG_FDS_MAX), twinFd);
    } catch (Json.MalformedException e) {
      throw new RefusedException("answers VERSION with bad JSON: " + e.getMessage());
    }
  }

  private static int twinFd(Capabilities twin, int fds)
      throws Json.MalformedException, RefusedException {
    if (!twin.is("supported")) {
      return -1;
    }
    int index = twin.number("fd_index", 0, 0);
    if (index >= fds) {
      throw new RefusedException("announces a twin socket and does not send it");
    }
    return index;
  }
}
