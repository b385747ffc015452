/** The appliance. */
package farslot.appliance;
