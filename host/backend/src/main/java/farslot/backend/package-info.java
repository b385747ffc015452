/** Back ends. */
package farslot.backend;
