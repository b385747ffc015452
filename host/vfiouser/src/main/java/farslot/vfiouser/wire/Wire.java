package farslot.vfiouser.wire;

/**
 * Numbers of the vfio-user protocol (QEMU, docs/interop/vfio-user.rst; sections named per group).
 * All fields are little-endian; offsets in payloads count from the end of the header.
 */
public final class Wire {
  // Header.
  public static final int HEADER_BYTES = 16;
  public static final int ID_AT = 0;
  public static final int COMMAND_AT = 2;
  public static final int SIZE_AT = 4;
  public static final int FLAGS_AT = 8;
  public static final int ERRNO_AT = 12;
  public static final int TYPE_MASK = 0xF;
  public static final int TYPE_COMMAND = 0;
  public static final int TYPE_REPLY = 1;
  public static final int FLAG_NO_REPLY = 0x10;
  public static final int FLAG_ERROR = 0x20;

  // Header, table of commands.
  public static final int VERSION = 1;
  public static final int DMA_MAP = 2;
  public static final int DMA_UNMAP = 3;
  public static final int DEVICE_GET_INFO = 4;
  public static final int DEVICE_GET_REGION_INFO = 5;
  public static final int DEVICE_GET_REGION_IO_FDS = 6;
  public static final int DEVICE_GET_IRQ_INFO = 7;
  public static final int DEVICE_SET_IRQS = 8;
  public static final int REGION_READ = 9;
  public static final int REGION_WRITE = 10;
  public static final int DMA_READ = 11;
  public static final int DMA_WRITE = 12;
  public static final int DEVICE_RESET = 13;
  public static final int DIRTY_PAGES = 14;
  public static final int REGION_WRITE_MULTI = 15;
  public static final int DEVICE_FEATURE = 16;
  public static final int MIG_DATA_READ = 17;
  public static final int MIG_DATA_WRITE = 18;

  // VFIO_USER_VERSION.
  public static final int MAJOR = 0;
  public static final int MINOR = 1;
  public static final int MAJOR_AT = 0;
  public static final int MINOR_AT = 2;
  public static final int VERSION_BYTES = 4;
  public static final int DATA_XFER_BYTES_DEFAULT = 1 << 20;
  public static final int MSG_FDS_DEFAULT = 1;

  // VFIO_USER_DMA_MAP, VFIO_USER_DMA_UNMAP. Every structure with an argsz begins with it.
  public static final int ARGSZ_AT = 0;
  public static final int ARG_FLAGS_AT = 4;
  public static final int MAP_BYTES = 32;
  public static final int MAP_OFFSET_AT = 8;
  public static final int MAP_ADDRESS_AT = 16;
  public static final int MAP_SIZE_AT = 24;
  public static final int MAP_READ = 1;
  public static final int MAP_WRITE = 2;

  /** Proposed in 2026: the descriptor may be mapped. Ours always are. */
  public static final int MAP_MMAP = 4;

  public static final int UNMAP_BYTES = 24;
  public static final int UNMAP_ADDRESS_AT = 8;
  public static final int UNMAP_SIZE_AT = 16;
  public static final int UNMAP_DIRTY_BITMAP = 1;
  public static final int UNMAP_ALL = 2;
  public static final int PAGE_BYTES = 4096;

  // VFIO_USER_DEVICE_GET_INFO.
  public static final int INFO_BYTES = 16;
  public static final int INFO_REGIONS_AT = 8;
  public static final int INFO_IRQS_AT = 12;
  public static final int INFO_RESET = 1;
  public static final int INFO_PCI = 2;

  // VFIO_USER_DEVICE_GET_REGION_INFO.
  public static final int REGION_INFO_BYTES = 32;
  public static final int REGION_INFO_INDEX_AT = 8;
  public static final int REGION_INFO_CAPS_AT = 12;
  public static final int REGION_INFO_SIZE_AT = 16;
  public static final int REGION_INFO_OFFSET_AT = 24;
  public static final int REGION_READABLE = 1;
  public static final int REGION_WRITABLE = 2;
  public static final int REGION_MMAP = 4;
  public static final int REGION_CAPS = 8;

  /** Capability header (id u16, version u16, next u32), count u32, reserved u32, areas. */
  public static final int SPARSE_BYTES = 16;

  public static final int SPARSE_ID = 1;
  public static final int SPARSE_VERSION = 1;
  public static final int SPARSE_COUNT_AT = 8;
  public static final int SPARSE_AREA_BYTES = 16;

  // VFIO_USER_DEVICE_GET_REGION_IO_FDS.
  public static final int IO_FDS_BYTES = 16;
  public static final int IO_FDS_INDEX_AT = 8;
  public static final int IO_FDS_COUNT_AT = 12;

  // VFIO_USER_DEVICE_GET_IRQ_INFO.
  public static final int IRQ_INFO_BYTES = 16;
  public static final int IRQ_INFO_INDEX_AT = 8;
  public static final int IRQ_INFO_COUNT_AT = 12;
  public static final int IRQ_EVENTFD = 1;
  public static final int IRQ_MASKABLE = 2;
  public static final int IRQ_AUTOMASKED = 4;
  public static final int IRQ_NORESIZE = 8;

  // VFIO_USER_DEVICE_SET_IRQS.
  public static final int SET_IRQS_BYTES = 20;
  public static final int SET_IRQS_INDEX_AT = 8;
  public static final int SET_IRQS_START_AT = 12;
  public static final int SET_IRQS_COUNT_AT = 16;
  public static final int DATA_NONE = 1;
  public static final int DATA_BOOL = 2;
  public static final int DATA_EVENTFD = 4;
  public static final int DATA_MASK = 7;
  public static final int ACTION_MASK = 8;
  public static final int ACTION_UNMASK = 0x10;
  public static final int ACTION_TRIGGER = 0x20;
  public static final int ACTION_BITS = 0x38;

  // VFIO_USER_REGION_READ, VFIO_USER_REGION_WRITE, VFIO_USER_REGION_WRITE_MULTI.
  public static final int ACCESS_BYTES = 16;
  public static final int ACCESS_OFFSET_AT = 0;
  public static final int ACCESS_REGION_AT = 8;
  public static final int ACCESS_COUNT_AT = 12;
  public static final int MULTI_BYTES = 8;
  public static final int MULTI_ENTRY_BYTES = 24;
  public static final int MULTI_DATA_AT = 16;
  public static final int MULTI_DATA_BYTES_MAX = 8;

  // VFIO_USER_DMA_READ, VFIO_USER_DMA_WRITE: count is u64 in what clients send and expect.
  public static final int DMA_BYTES = 16;
  public static final int DMA_ADDRESS_AT = 0;
  public static final int DMA_COUNT_AT = 8;

  private Wire() {}
}
