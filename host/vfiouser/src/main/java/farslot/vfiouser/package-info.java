/** vfio-user. */
package farslot.vfiouser;
