package farslot.cards.nic82599.spec;

/** Registers of a virtual function and their bits (8.3, Device Registers - VF). */
public final class VfRegister {
  // General control (8.3.5.1)
  public static final int VFCTRL = 0x0000;
  public static final int VFCTRL_RST = 1 << 26;
  public static final int VFSTATUS = 0x0008;
  public static final int VFLINKS = 0x0010;
  public static final int VFLINKS_UP = 1 << 30;
  public static final int VFLINKS_SPEED_100M = 1 << 28;
  public static final int VFLINKS_SPEED_1G = 2 << 28;
  public static final int VFLINKS_SPEED_10G = 3 << 28;
  public static final int VFFRTIMER = 0x0048;
  public static final int VFRXMEMWRAP = 0x3190;

  // Mailbox (8.3.5.1.5, 8.3.5.1.6)
  public static final int VFMAILBOX = 0x02FC;
  public static final int VFMBMEM = 0x0200;
  public static final int VFMBMEM_WORDS = 16;
  public static final int VFMAILBOX_REQ = 1;
  public static final int VFMAILBOX_ACK = 1 << 1;
  public static final int VFMAILBOX_VFU = 1 << 2;
  public static final int VFMAILBOX_PFU = 1 << 3;
  public static final int VFMAILBOX_PFSTS = 1 << 4;
  public static final int VFMAILBOX_PFACK = 1 << 5;
  public static final int VFMAILBOX_RSTI = 1 << 6;
  public static final int VFMAILBOX_RSTD = 1 << 7;

  /** Cleared by being read. */
  public static final int VFMAILBOX_RC = VFMAILBOX_PFSTS | VFMAILBOX_PFACK | VFMAILBOX_RSTD;

  // Interrupts (8.3.5.2)
  public static final int VTEICR = 0x0100;
  public static final int VTEICS = 0x0104;
  public static final int VTEIMS = 0x0108;
  public static final int VTEIMC = 0x010C;
  public static final int VTEIAC = 0x0110;
  public static final int VTEIAM = 0x0114;
  public static final int VTEITR = 0x0820;
  public static final int VTIVAR = 0x0120;
  public static final int VTIVAR_MISC = 0x0140;

  /** VTEITR: interval in units of 2 us at 10 and 1 Gb/s. */
  public static final int EITR_INTERVAL_MASK = 0x0FF8;

  public static final int EITR_INTERVAL_SHIFT = 3;
  public static final int EITR_UNIT_NS = 2000;

  /** VTEITR: the counter that runs is set by writes without CNT_WDIS. */
  public static final int EITR_COUNTER_MASK = 0x0FE0_0000;

  public static final int EITR_COUNTER_SHIFT = 21;
  public static final int EITR_CNT_WDIS = 1 << 31;

  /** VTIVAR: a byte a cause, receive and transmit of a queue, then of the next. */
  public static final int IVAR_VECTOR_MASK = 3;

  public static final int IVAR_VALID = 0x80;

  // Receive DMA (8.3.5.3); n times QUEUE_STRIDE further for queue n
  public static final int QUEUE_STRIDE = 0x40;
  public static final int RECEIVE_QUEUES = 0x1000;
  public static final int VFRDBAL = 0x00;
  public static final int VFRDBAH = 0x04;
  public static final int VFRDLEN = 0x08;
  public static final int VFDCA_RXCTRL = 0x0C;
  public static final int VFRDH = 0x10;
  public static final int VFSRRCTL = 0x14;
  public static final int VFRDT = 0x18;
  public static final int VFRXDCTL = 0x28;
  public static final int VFRSCCTL = 0x2C;
  public static final int RXDCTL_ENABLE = 1 << 25;
  public static final int RXDCTL_VME = 1 << 30;
  public static final int SRRCTL_BSIZEPACKET_MASK = 0x1F;
  public static final int SRRCTL_BSIZEPACKET_SHIFT = 10;
  public static final int SRRCTL_BSIZEHEADER_MASK = 0x3F00;

  /** From BSIZEHEADER in place to bytes: units of 64, from bit 8 on. */
  public static final int SRRCTL_BSIZEHEADER_TO_BYTES = 2;

  public static final int SRRCTL_DESCTYPE_MASK = 0x0E00_0000;
  public static final int SRRCTL_DESCTYPE_ADV_ONEBUF = 1 << 25;
  public static final int SRRCTL_DESCTYPE_HDR_SPLIT = 2 << 25;
  public static final int SRRCTL_DESCTYPE_HDR_SPLIT_ALWAYS = 5 << 25;
  public static final int SRRCTL_DROP_EN = 1 << 28;

  // What is split off, and over how many queues is hashed (8.3.5.3, 7.1.10, 7.1.2.8)
  public static final int VFPSRTYPE = 0x0300;
  public static final int PSRTYPE_TCPHDR = 1 << 4;
  public static final int PSRTYPE_UDPHDR = 1 << 5;
  public static final int PSRTYPE_IPV4HDR = 1 << 8;
  public static final int PSRTYPE_IPV6HDR = 1 << 9;
  public static final int PSRTYPE_L2HDR = 1 << 12;
  public static final int PSRTYPE_RQPL_SHIFT = 29;

  // Transmit DMA (8.3.5.4)
  public static final int TRANSMIT_QUEUES = 0x2000;
  public static final int VFTDBAL = 0x00;
  public static final int VFTDBAH = 0x04;
  public static final int VFTDLEN = 0x08;
  public static final int VFDCA_TXCTRL = 0x0C;
  public static final int VFTDH = 0x10;
  public static final int VFTDT = 0x18;
  public static final int VFTXDCTL = 0x28;
  public static final int VFTDWBAL = 0x38;
  public static final int VFTDWBAH = 0x3C;
  public static final int TXDCTL_ENABLE = 1 << 25;
  public static final int TXDCTL_SWFLSH = 1 << 26;
  public static final int TDWBAL_HEAD_WB_EN = 1;

  /** RDLEN and TDLEN: multiples of 128 bytes, at most 64 Ki descriptors. */
  public static final int RING_BYTES_MASK = 0x000F_FF80;

  /** RDBAL and TDBAL: rings begin at multiples of 128. */
  public static final int RING_ADDRESS_MASK = 0xFFFF_FF80;

  // Statistics (8.3.5.5): they wrap, reading clears nothing
  public static final int VFGPRC = 0x101C;
  public static final int VFGORC_LSB = 0x1020;
  public static final int VFGORC_MSB = 0x1024;
  public static final int VFMPRC = 0x1034;
  public static final int VFGPTC = 0x201C;
  public static final int VFGOTC_LSB = 0x2020;
  public static final int VFGOTC_MSB = 0x2024;

  /** Octet counters have 36 bits. */
  public static final int OCTETS_MSB_MASK = 0xF;

  private VfRegister() {}
}
