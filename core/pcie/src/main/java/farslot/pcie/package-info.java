/**
 * Transaction-layer packets, byte for byte as the PCI Express Base Specification has them (non-flit
 * mode; section numbers are those of revision 5.0), and what is needed to make and judge them.
 *
 * <ul>
 *   <li>On the data path: {@link farslot.pcie.TlpEncoder} writes headers in place, {@link
 *       farslot.pcie.TlpView#check} judges bytes, {@link farslot.pcie.TlpView} reads them. {@link
 *       farslot.pcie.Split} cuts transfers, {@link farslot.pcie.CompletionFit} puts answers
 *       together. Nothing of these allocates.
 *   <li>For people and tests: {@link farslot.pcie.Tlp} records, {@link farslot.pcie.TlpPrinter},
 *       {@link farslot.pcie.Hexdump}.
 * </ul>
 *
 * <p>Not offered: Deferrable Memory Writes, TLPs of flit mode, 14-bit tags. They are answered as
 * {@link farslot.pcie.TlpError#UNKNOWN_TYPE}, or cannot be written.
 */
package farslot.pcie;
