package farslot.cli.fabric;

import tools.jackson.databind.JsonNode;

/**
 * A function as lspci calls it.
 *
 * @param code class, subclass and programming interface, six digits; "" if nobody has said
 * @param ids {@code 1b36:0010}
 */
record PciName(String code, String ids, PciIds names) {
  private static final int CLASS_DIGITS = 4;
  private static final int CODE_DIGITS = 6;

  static PciName of(JsonNode function, PciIds names) {
    return new PciName(
        Items.text(function, "class-code"), Items.text(function, "device-id"), names);
  }

  boolean hasClass() {
    return code.length() == CODE_DIGITS;
  }

  /** {@code 0108}. */
  String classId() {
    return hasClass() ? code.substring(0, CLASS_DIGITS) : "????";
  }

  /** {@code Non-Volatile memory controller}, or {@code Class 0108}. */
  String classWords() {
    return names.deviceClass(classId()).orElse("Class " + classId());
  }

  /** {@code Red Hat, Inc. QEMU NVM Express Controller}, or what of it is known. */
  String deviceWords() {
    String vendorId = ids.replaceAll(":.*", "");
    String deviceId = ids.replaceAll(".*:", "");
    return names
        .vendor(vendorId)
        .map(vendor -> vendor + " " + names.device(ids).orElse("Device " + deviceId))
        .orElse("Device " + ids);
  }

  /** {@code (prog-if 02 [NVM Express])}; "" for an interface that says nothing. */
  String interfaceWords() {
    if (!hasClass()) {
      return "";
    }
    String id = code.substring(CLASS_DIGITS);
    return names
        .programmingInterface(code)
        .map(name -> " (prog-if %s [%s])".formatted(id, name))
        .orElse(id.equals("00") ? "" : " (prog-if %s)".formatted(id));
  }
}
