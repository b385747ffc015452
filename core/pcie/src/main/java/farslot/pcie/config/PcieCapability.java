package farslot.pcie.config;

/** The PCI Express capability: the device's registers (7.5.3). Links and slots have own files. */
public final class PcieCapability {
  /** Bytes of version 2, for every kind of function (7.5.3). */
  public static final int BYTES = 60;

  /** PCI Express Capabilities, 16 bits (7.5.3.2). */
  public static final int CAPABILITIES = 0x02;

  public static final int VERSION_2 = 2;
  public static final int TYPE_SHIFT = 4;
  public static final int TYPE_MASK = 0xF;
  public static final int TYPE_ENDPOINT = 0x0;
  public static final int TYPE_LEGACY_ENDPOINT = 0x1;
  public static final int TYPE_ROOT_PORT = 0x4;
  public static final int TYPE_UPSTREAM_PORT = 0x5;
  public static final int TYPE_DOWNSTREAM_PORT = 0x6;
  public static final int TYPE_INTEGRATED_ENDPOINT = 0x9;
  public static final int SLOT_IMPLEMENTED = 1 << 8;

  /** Device Capabilities, 32 bits (7.5.3.3). */
  public static final int DEVICE_CAPABILITIES = 0x04;

  public static final int CAP_MPS_MASK = 7;
  public static final int CAP_EXTENDED_TAG = 1 << 5;
  public static final int CAP_ROLE_BASED_ERROR_REPORTING = 1 << 15;
  public static final int CAP_FLR = 1 << 28;

  /** Device Control, 16 bits (7.5.3.4). */
  public static final int DEVICE_CONTROL = 0x08;

  public static final int CORRECTABLE_ERROR_REPORTING = 1 << 0;
  public static final int NON_FATAL_ERROR_REPORTING = 1 << 1;
  public static final int FATAL_ERROR_REPORTING = 1 << 2;
  public static final int UNSUPPORTED_REQUEST_REPORTING = 1 << 3;
  public static final int RELAXED_ORDERING = 1 << 4;
  public static final int MPS_SHIFT = 5;
  public static final int MPS_MASK = 7;
  public static final int EXTENDED_TAG = 1 << 8;
  public static final int PHANTOM_FUNCTIONS = 1 << 9;
  public static final int AUX_POWER_PM = 1 << 10;
  public static final int NO_SNOOP = 1 << 11;
  public static final int MRRS_SHIFT = 12;
  public static final int MRRS_MASK = 7;
  public static final int INITIATE_FLR = 1 << 15;

  /** Device Status, 16 bits (7.5.3.5); the first four are cleared by writing ones. */
  public static final int DEVICE_STATUS = 0x0A;

  public static final int CORRECTABLE_ERROR_DETECTED = 1 << 0;
  public static final int NON_FATAL_ERROR_DETECTED = 1 << 1;
  public static final int FATAL_ERROR_DETECTED = 1 << 2;
  public static final int UNSUPPORTED_REQUEST_DETECTED = 1 << 3;
  public static final int TRANSACTIONS_PENDING = 1 << 5;

  /** Device Capabilities 2, 32 bits (7.5.3.15). */
  public static final int DEVICE_CAPABILITIES_2 = 0x24;

  public static final int CAP2_COMPLETION_TIMEOUT_RANGES_MASK = 0xF;
  public static final int CAP2_COMPLETION_TIMEOUT_DISABLE = 1 << 4;
  public static final int CAP2_ARI_FORWARDING = 1 << 5;
  public static final int CAP2_ATOMIC_ROUTING = 1 << 6;
  public static final int CAP2_ATOMIC_32_COMPLETER = 1 << 7;
  public static final int CAP2_ATOMIC_64_COMPLETER = 1 << 8;
  public static final int CAP2_CAS_128_COMPLETER = 1 << 9;
  public static final int CAP2_LTR = 1 << 11;
  public static final int CAP2_TAG_10_BIT_COMPLETER = 1 << 16;
  public static final int CAP2_TAG_10_BIT_REQUESTER = 1 << 17;
  public static final int CAP2_EXTENDED_FMT = 1 << 20;
  public static final int CAP2_END_TO_END_PREFIX = 1 << 21;

  /** Device Control 2, 16 bits (7.5.3.16). */
  public static final int DEVICE_CONTROL_2 = 0x28;

  public static final int CTL2_COMPLETION_TIMEOUT_MASK = 0xF;
  public static final int CTL2_COMPLETION_TIMEOUT_DISABLE = 1 << 4;
  public static final int CTL2_ARI_FORWARDING = 1 << 5;
  public static final int CTL2_ATOMIC_REQUESTER = 1 << 6;
  public static final int CTL2_IDO_REQUEST = 1 << 8;
  public static final int CTL2_IDO_COMPLETION = 1 << 9;
  public static final int CTL2_LTR = 1 << 10;
  public static final int CTL2_TAG_10_BIT_REQUESTER = 1 << 12;

  /** Device Status 2 (7.5.3.17). */
  public static final int DEVICE_STATUS_2 = 0x2A;

  private PcieCapability() {}

  /** Bytes that an encoded Max_Payload_Size or Max_Read_Request_Size means: 0 is 128, 5 is 4096. */
  public static int sizeBytes(int encoded) {
    return 128 << encoded;
  }

  /** The encoding of a size: 128 to 4096, a power of two. */
  public static int encodedSize(int bytes) {
    return Integer.numberOfTrailingZeros(bytes) - 7;
  }
}
