package farslot.pcie;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * TLPs as bytes and as an analyser's line. Each is decoded, printed, and encoded again to the same
 * bytes.
 *
 * <p>Sources: what a NetTLP adapter recorded on real PCIe links (github.com/NetTLP/captured at
 * 8a7b019, simple-nic/simple-nic-ping.pcap and root-complex/mrd-512byte-rc.pcap; the meaning of the
 * first is in that folder's README), and bytes assembled by hand from the header figures of 2.2,
 * which Intel's "IP Compiler for PCI Express User Guide", appendix A, shows too.
 */
class TlpVectorsTest {
  private static final String EMPTY_64 = " 00000000".repeat(16);

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          # Captured: a driver's doorbell; the card reads descriptor and packet, and signals MSI-X.
          40000001 0000030f a0000010 00000000 | MWr3DW 00:00.0 tag 003 @a0000010 4 B, 1 DW be f/0 [00000000]
          00000004 1b0003ff 2f001000          | MRd3DW 1b:00.0 tag 003 @2f001000 16 B, 4 DW be f/f
          4a000004 00000010 1b000300 0068b23b 00000000 62000000 00000000 | CplD SC 00:00.0>1b:00.0 tag 003 bc 16 la 00 [0068b23b 00000000 62000000 00000000]
          00000019 1b00033f 3bb26800          | MRd3DW 1b:00.0 tag 003 @3bb26800 98 B, 25 DW be f/3
          40000001 1b00030f fee1a000 22400000 | MWr3DW 1b:00.0 tag 003 @fee1a000 4 B, 1 DW be f/0 [22400000]
          40000004 1b0002ff 2f002000 0030002f 00000000 62000000 00000000 | MWr3DW 1b:00.0 tag 002 @2f002000 16 B, 4 DW be f/f [0030002f 00000000 62000000 00000000]
          # Captured: a 512-byte read at a root complex that cuts it to 64 bytes.
          00000080 1a0000ff c0000000          | MRd3DW 1a:00.0 tag 000 @c0000000 512 B, 128 DW be f/f
          00000010 640007ff c00001c0          | MRd3DW 64:00.0 tag 007 @c00001c0 64 B, 16 DW be f/f

          # Memory (figures 2-15, 2-16): Length 0 is 1024 DW; 64-bit addresses; enables; flush; locked.
          20000000 010007ff 00000001 23456000 | MRd4DW 01:00.0 tag 007 @0000000123456000 4096 B, 1024 DW be f/f
          00000001 01000100 fee00004          | MRd3DW 01:00.0 tag 001 @fee00004 0 B, 1 DW be 0/0
          00000002 0100a57e 12345670          | MRd3DW 01:00.0 tag 0a5 @12345671 6 B, 2 DW be e/7
          00000002 0100a5a5 12345678          | MRd3DW 01:00.0 tag 0a5 @12345678 8 B, 2 DW be 5/a
          01000001 0100010f 000a0000          | MRdLk3DW 01:00.0 tag 001 @000a0000 4 B, 1 DW be f/0
          21000001 0100010f 00000001 00000000 | MRdLk4DW 01:00.0 tag 001 @0000000100000000 4 B, 1 DW be f/0
          60000001 0308000e 80000000 00000ffc 00112233 | MWr4DW 03:01.0 tag 000 @8000000000000ffd 3 B, 1 DW be e/0 [00112233]

          # 10-bit tags: T9 and T8 in byte 1.
          00800001 0100000f 00001000          | MRd3DW 01:00.0 tag 200 @00001000 4 B, 1 DW be f/0
          00080001 0100000f 00001000          | MRd3DW 01:00.0 tag 100 @00001000 4 B, 1 DW be f/0
          0a880000 01000004 0000ff00          | Cpl SC 01:00.0>00:00.0 tag 3ff bc 4 la 00

          # TC, Attr, AT, TH with ST, LN, EP: bytes 1 and 2.
          00500001 0100010f 00001000          | MRd3DW 01:00.0 tag 001 @00001000 4 B, 1 DW be f/0 TC5
          40043001 0100000f 00001000 deadbeef | MWr3DW 01:00.0 tag 000 @00001000 4 B, 1 DW be f/0 [deadbeef] IDO RO NS
          00000801 0100010f 00001000          | MRd3DW 01:00.0 tag 001 @00001000 4 B, 1 DW be f/0 AT2
          00010002 01000142 00001002          | MRd3DW 01:00.0 tag 001 @00001000 8 B, 2 DW be f/f TH PH2 ST 42
          40010001 0100420f 00001003 deadbeef | MWr3DW 01:00.0 tag 042 @00001000 4 B, 1 DW be f/0 [deadbeef] TH PH3 ST 00
          00020001 0100010f 00001000          | MRd3DW 01:00.0 tag 001 @00001000 4 B, 1 DW be f/0 LN
          40004001 0100000f 00001000 deadbeef | MWr3DW 01:00.0 tag 000 @00001000 4 B, 1 DW be f/0 [deadbeef] EP

          # Prefixes: vendor's local, then PASID and vendor's end-to-end.
          8e123456 91000001 9f00002a 00000001 0100010f 00001000 | MRd3DW 01:00.0 tag 001 @00001000 4 B, 1 DW be f/0 prefix 8e123456 prefix 91000001 prefix 9f00002a

          # Configuration (figure 2-18) and I/O (figure 2-17).
          04000001 0000020f 01000000          | CfgRd0 00:00.0 tag 002 >01:00.0 +000 be f
          04000001 0000020c 0100010c          | CfgRd0 00:00.0 tag 002 >01:00.0 +10c be c
          44000001 00000203 01000004 06040000 | CfgWr0 00:00.0 tag 002 >01:00.0 +004 be 3 [06040000]
          05000001 0000020f 02fb0ffc          | CfgRd1 00:00.0 tag 002 >02:1f.3 +ffc be f
          45000001 00000208 02000010 000000ff | CfgWr1 00:00.0 tag 002 >02:00.0 +010 be 8 [000000ff]
          02000001 00000401 000003f8          | IORd 00:00.0 tag 004 io @000003f8 be 1
          42000001 00000402 000003f8 00800000 | IOWr 00:00.0 tag 004 io @000003f8 be 2 [00800000]

          # Completions (figure 2-32): Byte Count 0 is 4096; UR, RRS, CA, a reserved status; locked; BCM.
          4a000001 01000000 00080500 01020304 | CplD SC 01:00.0>00:01.0 tag 005 bc 4096 la 00 [01020304]
          4a000001 01000007 0008057d 00020304 | CplD SC 01:00.0>00:01.0 tag 005 bc 7 la 7d [00020304]
          0a000000 01002004 00080500          | Cpl UR 01:00.0>00:01.0 tag 005 bc 4 la 00
          0a000000 01004004 00080500          | Cpl RRS 01:00.0>00:01.0 tag 005 bc 4 la 00
          0a000000 01008004 00080500          | Cpl CA 01:00.0>00:01.0 tag 005 bc 4 la 00
          0a000000 0100e004 00080500          | Cpl UR 01:00.0>00:01.0 tag 005 bc 4 la 00
          0b000000 01002004 00080500          | CplLk UR 01:00.0>00:01.0 tag 005 bc 4 la 00
          4b000001 01001004 00080500 01020304 | CplDLk SC 01:00.0>00:01.0 tag 005 bc 4 la 00 BCM [01020304]

          # Messages (2.2.8): INTx, PM, errors, slot power, vendor's routed by ID.
          34000000 01000020 00000000 00000000 | Msg Assert_INTA 01:00.0 tag 000 local
          34000000 01000027 00000000 00000000 | Msg Deassert_INTD 01:00.0 tag 000 local
          33000000 00000019 00000000 00000000 | Msg PME_Turn_Off 00:00.0 tag 000 broadcast
          35000000 0100001b 00000000 00000000 | Msg PME_TO_Ack 01:00.0 tag 000 gathered
          30000000 01000018 00000000 00000000 | Msg PM_PME 01:00.0 tag 000 to root complex
          30000000 01000033 00000000 00000000 | Msg ERR_FATAL 01:00.0 tag 000 to root complex
          74000001 00000050 00000000 00000000 4b020000 | MsgD Set_Slot_Power_Limit 00:00.0 tag 000 local [4b020000]
          32000000 0000017f 01001234 cafef00d | Msg Vendor_Defined_Type_1 00:00.0 tag 001 by ID fields 01001234cafef00d
          36000000 000001aa 00000000 00000000 | Msg code 0xaa 00:00.0 tag 001 routing 6

          # AtomicOps (2.2.7): operands of 4, 8 and, CAS only, 16 bytes.
          4c000001 01000500 00001004 01000000 | FetchAdd3DW 01:00.0 tag 005 @00001004 [01000000]
          6c000002 01000500 00000001 00001008 01000000 00000000 | FetchAdd4DW 01:00.0 tag 005 @0000000100001008 [01000000 00000000]
          4d000002 01000500 00001008 01000000 00000000 | Swap3DW 01:00.0 tag 005 @00001008 [01000000 00000000]
          6d000001 01000500 00000001 00001004 01000000 | Swap4DW 01:00.0 tag 005 @0000000100001004 [01000000]
          4e000002 01000500 00001004 01000000 02000000 | CAS3DW 01:00.0 tag 005 @00001004 [01000000 02000000]
          4e000004 01000500 00001008 01000000 00000000 02000000 00000000 | CAS3DW 01:00.0 tag 005 @00001008 [01000000 00000000 02000000 00000000]
          6e000008 01000500 00000001 00001010 01000000 00000000 00000000 00000000 02000000 00000000 00000000 00000000 | CAS4DW 01:00.0 tag 005 @0000000100001010 [01000000 00000000 00000000 00000000 02000000 00000000 00000000 00000000]
          """)
  void readsPrintsAndWritesBack(String hex, String line) {
    Tlp tlp = Hex.view(hex).toTlp();
    assertThat(tlp).hasToString(line);
    assertThat(Hex.of(tlp.encode())).isEqualTo(hex.replace(" ", ""));
    assertThat(Tlp.decode(tlp.encode())).isEqualTo(tlp).hasSameHashCodeAs(tlp);
  }

  /** Captured: the first answer to that read, tag 6, came before the second. */
  @Test
  void longDataIsPrintedInPart() {
    Tlp tlp = Hex.view("4a000010 68000040 64000600" + EMPTY_64).toTlp();
    assertThat(tlp)
        .hasToString(
            "CplD SC 68:00.0>64:00.0 tag 006 bc 64 la 00 [" + "00000000 ".repeat(8) + "...]");
    assertThat(tlp.data().size()).isEqualTo(64);
  }
}
