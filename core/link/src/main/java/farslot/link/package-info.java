/**
 * PCIeoE, version 1: one frame format on every carrier, one sequence space a session, an ordered
 * stream a function.
 */
package farslot.link;
