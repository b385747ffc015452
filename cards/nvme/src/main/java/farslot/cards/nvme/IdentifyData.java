package farslot.cards.nvme;

import farslot.cards.nvme.spec.Cns;
import farslot.cards.nvme.spec.Cqe;
import farslot.cards.nvme.spec.IdentifyController;
import farslot.cards.nvme.spec.IdentifyNamespace;
import farslot.cards.nvme.spec.Property;
import farslot.cards.nvme.spec.Sqe;
import farslot.pcie.LittleEndian;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.util.UUID;

/** The data structures of Identify, each into 4 KiB of zeroes. */
final class IdentifyData {
  private static final int CONTROLLER_ID = 0;
  private static final int RTD3_MICROSECONDS = 1_000_000;
  private static final int PREFERRED_BYTES = 4096;

  private final Controller controller;

  IdentifyData(Controller controller) {
    this.controller = controller;
  }

  void controller(MemorySegment page) {
    identity(page);
    admin(page);
    io(page);
  }

  private void identity(MemorySegment page) {
    NvmeConfig config = controller.config();
    LittleEndian.u16(page, IdentifyController.VID, config.vendorId());
    LittleEndian.u16(page, IdentifyController.SSVID, config.vendorId());
    Text.put(page, IdentifyController.SN, config.serial().text(), IdentifyController.SN_BYTES, ' ');
    Text.put(page, IdentifyController.MN, config.model(), IdentifyController.MN_BYTES, ' ');
    Text.put(page, IdentifyController.FR, config.firmware(), IdentifyController.FR_BYTES, ' ');
    String nqn = "nqn.2014-08.org.nvmexpress:uuid:" + config.uuid();
    Text.put(page, IdentifyController.SUBNQN, nqn, IdentifyController.SUBNQN_BYTES, '\0');
    LittleEndian.u16(page, IdentifyController.CNTLID, CONTROLLER_ID);
    LittleEndian.i32(page, IdentifyController.VER, Property.VS_2_0);
    LittleEndian.u8(page, IdentifyController.CNTRLTYPE, IdentifyController.CNTRLTYPE_IO);
  }

  private void admin(MemorySegment page) {
    LittleEndian.u8(page, IdentifyController.RAB, NvmeLimits.ARBITRATION_BURST_LOG2);
    LittleEndian.u8(page, IdentifyController.MDTS, NvmeLimits.MDTS);
    LittleEndian.i32(page, IdentifyController.RTD3R, RTD3_MICROSECONDS);
    LittleEndian.i32(page, IdentifyController.RTD3E, RTD3_MICROSECONDS);
    LittleEndian.i32(page, IdentifyController.OAES, IdentifyController.OAES_NAMESPACE_ATTRIBUTE);
    LittleEndian.u16(page, IdentifyController.OACS, IdentifyController.OACS_FORMAT);
    LittleEndian.u8(page, IdentifyController.ACL, NvmeLimits.ADMIN_COMMANDS_MAX - 1);
    LittleEndian.u8(page, IdentifyController.AERL, NvmeLimits.ASYNC_EVENTS_MAX - 1);
    LittleEndian.u8(page, IdentifyController.FRMW, IdentifyController.FRMW_ONE_FIXED_SLOT);
    LittleEndian.u8(
        page,
        IdentifyController.LPA,
        IdentifyController.LPA_COMMANDS_SUPPORTED
            | IdentifyController.LPA_EXTENDED_DATA
            | IdentifyController.LPA_SUPPORTED_PAGES);
    LittleEndian.u8(page, IdentifyController.ELPE, NvmeLimits.ERROR_LOG_ENTRIES - 1);
    LittleEndian.u16(page, IdentifyController.WCTEMP, Health.WARNING_KELVIN);
    LittleEndian.u16(page, IdentifyController.CCTEMP, Health.CRITICAL_KELVIN);
    LittleEndian.i64(page, IdentifyController.TNVMCAP, controller.config().capacityBytes());
  }

  private void io(MemorySegment page) {
    LittleEndian.u8(page, IdentifyController.SQES, Sqe.SIZE_LOG2 << 4 | Sqe.SIZE_LOG2);
    LittleEndian.u8(page, IdentifyController.CQES, Cqe.SIZE_LOG2 << 4 | Cqe.SIZE_LOG2);
    LittleEndian.i32(page, IdentifyController.NN, controller.namespaces().size());
    LittleEndian.u16(
        page,
        IdentifyController.ONCS,
        IdentifyController.ONCS_COMPARE
            | IdentifyController.ONCS_DATASET_MANAGEMENT
            | IdentifyController.ONCS_WRITE_ZEROES
            | IdentifyController.ONCS_SAVE_SELECT
            | IdentifyController.ONCS_TIMESTAMP
            | IdentifyController.ONCS_VERIFY);
    LittleEndian.u16(page, IdentifyController.FUSES, IdentifyController.FUSES_COMPARE_AND_WRITE);
    LittleEndian.u8(page, IdentifyController.VWC, IdentifyController.VWC_PRESENT_BROADCAST);
    LittleEndian.u16(page, IdentifyController.ACWU, NvmeLimits.COMPARE_AND_WRITE_BLOCKS_MAX - 1);
    LittleEndian.i32(
        page,
        IdentifyController.SGLS,
        IdentifyController.SGLS_ANY_ALIGNMENT
            | IdentifyController.SGLS_BIT_BUCKET
            | IdentifyController.SGLS_LONGER);
  }

  void namespace(MemorySegment page, Namespace namespace) {
    LittleEndian.i64(page, IdentifyNamespace.NSZE, namespace.blocks());
    LittleEndian.i64(page, IdentifyNamespace.NCAP, namespace.blocks());
    LittleEndian.i64(page, IdentifyNamespace.NUSE, namespace.blocks());
    LittleEndian.u8(page, IdentifyNamespace.NLBAF, Namespace.LBA_SHIFTS.length - 1);
    LittleEndian.u8(page, IdentifyNamespace.FLBAS, namespace.format());
    LittleEndian.u8(page, IdentifyNamespace.DLFEAT, IdentifyNamespace.DLFEAT_ZEROES);
    preferences(page, namespace);
    LittleEndian.u8(page, IdentifyNamespace.NSATTR, attributes(namespace));
    putUuid(page, IdentifyNamespace.NGUID, namespace.uuid);
    for (int i = 0; i < Namespace.LBA_SHIFTS.length; i++) {
      int at = IdentifyNamespace.LBAF0 + i * IdentifyNamespace.LBAF_BYTES;
      LittleEndian.u8(page, at + IdentifyNamespace.LBAF_LBADS, Namespace.LBA_SHIFTS[i]);
      // Blocks below a page of the host's cache are read, changed and written back there.
      LittleEndian.u8(page, at + IdentifyNamespace.LBAF_RP, Namespace.LBA_SHIFTS[i] == 12 ? 0 : 1);
    }
  }

  /** What the image underneath likes best: whole pages, also to punch. 0's based blocks. */
  private static void preferences(MemorySegment page, Namespace namespace) {
    int blocks = (PREFERRED_BYTES >> namespace.shift()) - 1;
    LittleEndian.u8(page, IdentifyNamespace.NSFEAT, IdentifyNamespace.NSFEAT_PREFERRED_GRANULARITY);
    LittleEndian.u16(page, IdentifyNamespace.NPWG, blocks);
    LittleEndian.u16(page, IdentifyNamespace.NPWA, blocks);
    LittleEndian.u16(page, IdentifyNamespace.NPDG, blocks);
    LittleEndian.u16(page, IdentifyNamespace.NPDA, blocks);
    LittleEndian.u16(page, IdentifyNamespace.NOWS, blocks);
  }

  private static int attributes(Namespace namespace) {
    return namespace.store.readOnly() ? IdentifyNamespace.NSATTR_WRITE_PROTECTED : 0;
  }

  void independentNamespace(MemorySegment page, Namespace namespace) {
    LittleEndian.u8(page, IdentifyNamespace.INDEPENDENT_NSATTR, attributes(namespace));
    LittleEndian.u8(page, IdentifyNamespace.INDEPENDENT_NSTAT, IdentifyNamespace.NSTAT_READY);
  }

  /** Descriptors: type, length, two reserved bytes, the identifier (Base figure 277). */
  void descriptors(MemorySegment page, Namespace namespace) {
    int at = descriptor(page, 0, Cns.NIDT_UUID, 16);
    putUuid(page, at - 16L, namespace.uuid);
    at = descriptor(page, at, Cns.NIDT_NGUID, 16);
    putUuid(page, at - 16L, namespace.uuid);
    at = descriptor(page, at, Cns.NIDT_CSI, 1);
    LittleEndian.u8(page, at - 1L, Cns.CSI_NVM);
  }

  private static int descriptor(MemorySegment page, int at, int type, int bytes) {
    LittleEndian.u8(page, at, type);
    LittleEndian.u8(page, at + 1L, bytes);
    return at + 4 + bytes;
  }

  /** Identifiers above {@code after}, ascending, zeroes behind. */
  void namespaceList(MemorySegment page, int after) {
    int at = 0;
    for (Namespace namespace : controller.namespaces()) {
      if (Integer.compareUnsigned(namespace.nsid, after) > 0 && at < Cns.BYTES) {
        LittleEndian.i32(page, at, namespace.nsid);
        at += Integer.BYTES;
      }
    }
  }

  /** Controllers from {@code first} on: a count, then identifiers (Base 4.4.1). */
  void controllerList(MemorySegment page, int first) {
    if (first <= CONTROLLER_ID) {
      LittleEndian.u16(page, 0, 1);
      LittleEndian.u16(page, 2, CONTROLLER_ID);
    }
  }

  /** One combination of command sets: NVM alone (Base 5.17.2.19). */
  void commandSets(MemorySegment page) {
    LittleEndian.i64(page, 0, 1L << Cns.CSI_NVM);
  }

  /** A UUID in the order of its bytes (RFC 4122), not little-endian. */
  private static void putUuid(MemorySegment page, long at, UUID uuid) {
    var u64 = java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    page.set(u64, at, uuid.getMostSignificantBits());
    page.set(u64, at + 8, uuid.getLeastSignificantBits());
  }
}
