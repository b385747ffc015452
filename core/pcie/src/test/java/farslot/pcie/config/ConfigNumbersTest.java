package farslot.pcie.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The numbers that are put together from others; single ones would only be written twice. */
class ConfigNumbersTest {
  @Test
  void aerDefaults() {
    assertThat(Aer.SEVERITY_DEFAULT).isEqualTo(0x0046_2030);
    assertThat(Aer.MASK_DEFAULT).isEqualTo(0x0440_0000);
    assertThat(Aer.CORRECTABLE_MASK_DEFAULT).isEqualTo(0xE000);
  }

  @Test
  void extendedCapabilityHeader() {
    assertThat(ExtendedCapabilityId.header(ExtendedCapabilityId.AER, Aer.VERSION, 0x148))
        .isEqualTo(0x1482_0001);
    assertThat(ExtendedCapabilityId.header(0x23, 1, 0xFFC)).isEqualTo(0xFFC1_0023);
  }

  @Test
  void payloadAndReadRequestSizes() {
    int[] sizes = {128, 256, 512, 1024, 2048, 4096};
    for (int encoded = 0; encoded < sizes.length; encoded++) {
      assertThat(PcieCapability.sizeBytes(encoded)).isEqualTo(sizes[encoded]);
      assertThat(PcieCapability.encodedSize(sizes[encoded])).isEqualTo(encoded);
    }
  }

  @Test
  void statusBitsThatOnesClear() {
    int rw1c =
        ConfigHeader.STATUS_MASTER_DATA_PARITY_ERROR
            | ConfigHeader.STATUS_SIGNALED_TARGET_ABORT
            | ConfigHeader.STATUS_RECEIVED_TARGET_ABORT
            | ConfigHeader.STATUS_RECEIVED_MASTER_ABORT
            | ConfigHeader.STATUS_SIGNALED_SYSTEM_ERROR
            | ConfigHeader.STATUS_DETECTED_PARITY_ERROR;
    assertThat(ConfigHeader.STATUS_RW1C).isEqualTo(rw1c);
  }
}
