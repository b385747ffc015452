package farslot.vfiouser.client;

import farslot.vfiouser.wire.VfioUserMessage;
import farslot.vfiouser.wire.Wire;

/** What can be said against a reply by its bytes alone. Pure: the same bytes, the same answer. */
enum ReplyCheck {
  OK,
  /** It says that the command has failed, which is in order. */
  ERROR,
  /** Shorter than the command's structure, or than the data that are due. */
  TOO_SHORT,
  /** Other data than were asked for. */
  WRONG_COUNT,
  /** It is about another region or interrupt than was asked for. */
  WRONG_INDEX;

  /**
   * @param command what it answers
   * @param bytes of an access; of a question the index that was asked for; otherwise ignored
   */
  static ReplyCheck of(VfioUserMessage reply, int command, int bytes) {
    if (reply.isError()) {
      return ERROR;
    }
    return switch (command) {
      case Wire.VERSION -> atLeast(reply, Wire.VERSION_BYTES);
      case Wire.DEVICE_GET_INFO -> atLeast(reply, Wire.INFO_BYTES);
      case Wire.DEVICE_GET_REGION_INFO ->
          about(reply, Wire.REGION_INFO_BYTES, Wire.REGION_INFO_INDEX_AT, bytes);
      case Wire.DEVICE_GET_IRQ_INFO ->
          about(reply, Wire.IRQ_INFO_BYTES, Wire.IRQ_INFO_INDEX_AT, bytes);
      case Wire.REGION_READ -> access(reply, bytes, bytes);
      case Wire.REGION_WRITE -> access(reply, bytes, 0);
      default -> OK;
    };
  }

  private static ReplyCheck atLeast(VfioUserMessage reply, int bytes) {
    return reply.payloadBytes() < bytes ? TOO_SHORT : OK;
  }

  private static ReplyCheck about(VfioUserMessage reply, int bytes, int indexAt, int index) {
    if (reply.payloadBytes() < bytes) {
      return TOO_SHORT;
    }
    return reply.u32(indexAt) == index ? OK : WRONG_INDEX;
  }

  private static ReplyCheck access(VfioUserMessage reply, int count, int dataBytes) {
    if (reply.payloadBytes() < Wire.ACCESS_BYTES + dataBytes) {
      return TOO_SHORT;
    }
    return reply.u32(Wire.ACCESS_COUNT_AT) == count ? OK : WRONG_COUNT;
  }
}
