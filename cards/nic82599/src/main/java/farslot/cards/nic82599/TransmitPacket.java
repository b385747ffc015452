package farslot.cards.nic82599;

import static farslot.cards.nic82599.spec.TxDescriptor.*;

import farslot.pcie.LittleEndian;
import java.lang.foreign.MemorySegment;

/** A packet of a transmit queue from its first descriptor to its last frame; used again. */
final class TransmitPacket {
  /** Where its bytes are; room for a tag lies before them. */
  int at;

  int bytes;

  /** Reads of its bytes that have not come. */
  int reads;

  /** One of them has failed. */
  boolean failed;

  /** Where its memory begins and ends. */
  int memoryBegin;

  int memoryEnd;

  /** Place in the ring of its first data descriptor, and of what comes after its last. */
  int firstIndex;

  int endIndex;

  /** Bit n: descriptor n asks for its status. */
  long reports;

  // From its first descriptor and the context that this names

  int cmdTypeLen;
  int olinfoStatus;
  boolean hasContext;
  int vlanMacipLens;
  int typeTucmd;
  int mssL4lenIdx;

  /** Payload that has been sent in segments. */
  int sent;

  /** Whether a segment has gone out: the headers are kept apart from then on. */
  boolean begun;

  boolean segments() {
    return (cmdTypeLen & DCMD_TSE) != 0;
  }

  boolean tags() {
    return (cmdTypeLen & DCMD_VLE) != 0;
  }

  boolean ipChecksum() {
    return (olinfoStatus & POPTS_IXSM) != 0;
  }

  boolean l4Checksum() {
    return (olinfoStatus & POPTS_TXSM) != 0;
  }

  /** Whether anything is asked for that a context says more about. */
  boolean needsContext() {
    return segments() || tags() || ipChecksum() || l4Checksum();
  }

  int context() {
    return olinfoStatus >>> IDX_SHIFT & IDX_MASK;
  }

  int payloadBytes() {
    return olinfoStatus >>> PAYLEN_SHIFT;
  }

  int macBytes() {
    return vlanMacipLens >>> MACLEN_SHIFT & MACLEN_MASK;
  }

  int ipBytes() {
    return vlanMacipLens & IPLEN_MASK;
  }

  int tag() {
    return vlanMacipLens >>> VLAN_SHIFT;
  }

  boolean ipv4() {
    return (typeTucmd & TUCMD_IPV4) != 0;
  }

  int l4Type() {
    return typeTucmd & TUCMD_L4T_MASK;
  }

  int l4Bytes() {
    return mssL4lenIdx >>> L4LEN_SHIFT & L4LEN_MASK;
  }

  int mss() {
    return mssL4lenIdx >>> MSS_SHIFT;
  }

  int headerBytes() {
    return macBytes() + ipBytes() + l4Bytes();
  }

  /** A context descriptor's words, as they stand in memory. */
  void takeContext(MemorySegment contexts, long from) {
    vlanMacipLens = LittleEndian.i32(contexts, from + VLAN_MACIP_LENS);
    typeTucmd = LittleEndian.i32(contexts, from + TYPE_TUCMD);
    mssL4lenIdx = LittleEndian.i32(contexts, from + MSS_L4LEN_IDX);
  }
}
