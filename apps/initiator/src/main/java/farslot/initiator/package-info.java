/** The initiator. */
package farslot.initiator;
