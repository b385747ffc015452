package farslot.vfiouser;

import farslot.vfiouser.wire.VfioUserMessage;
import farslot.vfiouser.wire.Wire;

/**
 * What can be said against a request by its bytes alone. Pure: the same bytes, the same answer.
 * Whoever carries a request out may rely on its structure being there, its argsz and flags sound,
 * and its data as long as it says.
 */
final class RequestChecks {
  private RequestChecks() {}

  /**
   * @param fds descriptors that came with it
   * @param dataBytesMax the agreed max_data_xfer_size
   */
  static Refusal check(VfioUserMessage request, int fds, int dataBytesMax) {
    return switch (request.command()) {
      case Wire.VERSION -> atLeast(request, Wire.VERSION_BYTES);
      case Wire.DMA_MAP -> map(request, fds);
      case Wire.DMA_UNMAP -> unmap(request);
      case Wire.DEVICE_GET_INFO -> argsz(request, Wire.INFO_BYTES);
      case Wire.DEVICE_GET_REGION_INFO -> argsz(request, Wire.REGION_INFO_BYTES);
      case Wire.DEVICE_GET_REGION_IO_FDS -> ioFds(request);
      case Wire.DEVICE_GET_IRQ_INFO -> argsz(request, Wire.IRQ_INFO_BYTES);
      case Wire.DEVICE_SET_IRQS -> setIrqs(request, fds);
      case Wire.REGION_READ -> access(request, dataBytesMax, false);
      case Wire.REGION_WRITE -> access(request, dataBytesMax, true);
      case Wire.DEVICE_RESET -> Refusal.NONE;
      case Wire.REGION_WRITE_MULTI -> multi(request);
      case Wire.DIRTY_PAGES, Wire.DEVICE_FEATURE, Wire.MIG_DATA_READ, Wire.MIG_DATA_WRITE ->
          Refusal.NOT_SUPPORTED;
      default -> Refusal.UNKNOWN_COMMAND;
    };
  }

  private static Refusal atLeast(VfioUserMessage request, int bytes) {
    return request.payloadBytes() < bytes ? Refusal.TOO_SHORT : Refusal.NONE;
  }

  private static Refusal argsz(VfioUserMessage request, int bytes) {
    if (request.payloadBytes() < bytes) {
      return Refusal.TOO_SHORT;
    }
    boolean less = Integer.compareUnsigned(request.u32(Wire.ARGSZ_AT), bytes) < 0;
    return less ? Refusal.ARGSZ : Refusal.NONE;
  }

  private static Refusal map(VfioUserMessage request, int fds) {
    Refusal refusal = argsz(request, Wire.MAP_BYTES);
    if (refusal != Refusal.NONE) {
      return refusal;
    }
    int flags = request.u32(Wire.ARG_FLAGS_AT);
    boolean unknown = (flags & ~(Wire.MAP_READ | Wire.MAP_WRITE | Wire.MAP_MMAP)) != 0;
    boolean nothing = (flags & (Wire.MAP_READ | Wire.MAP_WRITE)) == 0;
    if (unknown || nothing) {
      return Refusal.FLAGS;
    }
    if (fds > 1 || fds == 0 && (flags & Wire.MAP_MMAP) != 0) {
      return Refusal.DESCRIPTORS;
    }
    long offset = request.u64(Wire.MAP_OFFSET_AT);
    if (offset < 0 || offset % Wire.PAGE_BYTES != 0) {
      return Refusal.ALIGNMENT;
    }
    return range(request.u64(Wire.MAP_ADDRESS_AT), request.u64(Wire.MAP_SIZE_AT));
  }

  private static Refusal unmap(VfioUserMessage request) {
    Refusal refusal = argsz(request, Wire.UNMAP_BYTES);
    if (refusal != Refusal.NONE) {
      return refusal;
    }
    int flags = request.u32(Wire.ARG_FLAGS_AT);
    if ((flags & Wire.UNMAP_DIRTY_BITMAP) != 0) {
      return Refusal.NOT_SUPPORTED;
    }
    long address = request.u64(Wire.UNMAP_ADDRESS_AT);
    long size = request.u64(Wire.UNMAP_SIZE_AT);
    if (flags == Wire.UNMAP_ALL) {
      return address == 0 && size == 0 ? Refusal.NONE : Refusal.RANGE;
    }
    return flags != 0 ? Refusal.FLAGS : range(address, size);
  }

  private static Refusal range(long address, long size) {
    if (size == 0) {
      return Refusal.RANGE;
    }
    if ((address | size) % Wire.PAGE_BYTES != 0) {
      return Refusal.ALIGNMENT;
    }
    boolean wraps = Long.compareUnsigned(address + (size - 1), address) < 0;
    return size < 0 || wraps ? Refusal.WRAPS : Refusal.NONE;
  }

  private static Refusal ioFds(VfioUserMessage request) {
    Refusal refusal = argsz(request, Wire.IO_FDS_BYTES);
    if (refusal != Refusal.NONE) {
      return refusal;
    }
    return request.u32(Wire.ARG_FLAGS_AT) != 0 ? Refusal.FLAGS : Refusal.NONE;
  }

  private static Refusal setIrqs(VfioUserMessage request, int fds) {
    Refusal refusal = argsz(request, Wire.SET_IRQS_BYTES);
    if (refusal != Refusal.NONE) {
      return refusal;
    }
    int flags = request.u32(Wire.ARG_FLAGS_AT);
    int data = flags & Wire.DATA_MASK;
    int action = flags & Wire.ACTION_BITS;
    if (flags != (data | action) || Integer.bitCount(data) != 1 || Integer.bitCount(action) != 1) {
      return Refusal.FLAGS;
    }
    int count = request.u32(Wire.SET_IRQS_COUNT_AT);
    if (data == Wire.DATA_EVENTFD) {
      // All of a message's vectors get a descriptor, or all lose theirs.
      return fds == 0 || fds == count ? Refusal.NONE : Refusal.DESCRIPTORS;
    }
    if (fds != 0) {
      return Refusal.DESCRIPTORS;
    }
    long need = Wire.SET_IRQS_BYTES + (long) count;
    boolean boolsMissing = data == Wire.DATA_BOOL && (count < 0 || request.payloadBytes() < need);
    return boolsMissing ? Refusal.TOO_SHORT : Refusal.NONE;
  }

  private static Refusal access(VfioUserMessage request, int dataBytesMax, boolean write) {
    if (request.payloadBytes() < Wire.ACCESS_BYTES) {
      return Refusal.TOO_SHORT;
    }
    int count = request.u32(Wire.ACCESS_COUNT_AT);
    if (count <= 0 || count > dataBytesMax) {
      return Refusal.RANGE;
    }
    boolean dataMissing = write && request.payloadBytes() - Wire.ACCESS_BYTES < count;
    return dataMissing ? Refusal.TOO_SHORT : Refusal.NONE;
  }

  private static Refusal multi(VfioUserMessage request) {
    if (request.payloadBytes() < Wire.MULTI_BYTES) {
      return Refusal.TOO_SHORT;
    }
    long writes = request.u64(0);
    long room = (request.payloadBytes() - Wire.MULTI_BYTES) / Wire.MULTI_ENTRY_BYTES;
    if (writes < 0 || writes > room) {
      return Refusal.TOO_SHORT;
    }
    for (int i = 0; i < writes; i++) {
      long entry = Wire.MULTI_BYTES + (long) i * Wire.MULTI_ENTRY_BYTES;
      int count = request.u32(entry + Wire.ACCESS_COUNT_AT);
      if (count <= 0 || count > Wire.MULTI_DATA_BYTES_MAX) {
        return Refusal.RANGE;
      }
    }
    return Refusal.NONE;
  }
}
