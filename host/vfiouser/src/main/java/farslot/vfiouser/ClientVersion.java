package farslot.vfiouser;

import farslot.vfiouser.wire.Capabilities;
import farslot.vfiouser.wire.Json;
import farslot.vfiouser.wire.VfioUserMessage;
import farslot.vfiouser.wire.Wire;
import java.nio.charset.StandardCharsets;

/**
 * What a client said in VERSION.
 *
 * @param minor of the protocol version that it proposes; the major one is ours
 * @param json whether capabilities came at all. QEMU and Cloud Hypervisor send them, SPDK does not
 * @param msgFdsMax most descriptors that it takes with one message
 * @param dataBytesMax most data that it takes in one DMA_READ or DMA_WRITE
 */
record ClientVersion(int minor, boolean json, int msgFdsMax, int dataBytesMax) {
  /** Descriptors that we take with one message; QEMU refuses a server that says more than 16. */
  static final int OUR_MSG_FDS = 16;

  /** Data that we take in one region access, bytes. */
  static final int OUR_DATA_BYTES = Wire.DATA_XFER_BYTES_DEFAULT;

  /** VERSION is refused. */
  static final class RefusedException extends Exception {
    private static final long serialVersionUID = 1;
    private final Refusal refusal;

    RefusedException(Refusal refusal, String why) {
      super(why);
      this.refusal = refusal;
    }

    Refusal refusal() {
      return refusal;
    }
  }

  static ClientVersion parse(VfioUserMessage request) throws RefusedException {
    int major = request.u16(Wire.MAJOR_AT);
    int minor = request.u16(Wire.MINOR_AT);
    if (major != Wire.MAJOR) {
      throw new RefusedException(Refusal.MAJOR, "client speaks version " + major + "." + minor);
    }
    try {
      Capabilities capabilities = Capabilities.of(request);
      return new ClientVersion(
          minor,
          request.payloadBytes() > Wire.VERSION_BYTES,
          capabilities.number("max_msg_fds", 0, Wire.MSG_FDS_DEFAULT),
          capabilities.number("max_data_xfer_size", 1, Wire.DATA_XFER_BYTES_DEFAULT));
    } catch (Json.MalformedException e) {
      throw new RefusedException(Refusal.JSON, "version data: " + e.getMessage());
    }
  }

  /** The answer's JSON, with the zero that ends it. */
  byte[] reply() {
    String text =
        "{\"capabilities\":{\"max_msg_fds\":%d,\"max_data_xfer_size\":%d,\"max_dma_maps\":%d,"
            .formatted(OUR_MSG_FDS, OUR_DATA_BYTES, farslot.memory.DmaWindows.COUNT_MAX);
    return (text + "\"pgsizes\":" + Wire.PAGE_BYTES + "}}\0").getBytes(StandardCharsets.US_ASCII);
  }

  /** The version that both speak. */
  int agreedMinor() {
    return Math.min(minor, Wire.MINOR);
  }
}
