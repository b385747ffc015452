package farslot.link;

/**
 * What an appliance says about a function when it is attached, for logs and choices made before the
 * first configuration read. Configuration space is what counts.
 *
 * @param vendorId 16 bits
 * @param deviceId 16 bits
 * @param classCode 24 bits
 * @param revisionId 8 bits
 * @param subsystemVendorId 16 bits
 * @param subsystemId 16 bits
 * @param serialNumber Device Serial Number, 0 if it has none
 */
public record FunctionIdentity(
    int vendorId,
    int deviceId,
    int classCode,
    int revisionId,
    int subsystemVendorId,
    int subsystemId,
    long serialNumber) {
  /** As lspci -nn would say it: {@code 1b36:0010 class 010802}. */
  @Override
  public String toString() {
    return String.format("%04x:%04x class %06x", vendorId, deviceId, classCode);
  }
}
