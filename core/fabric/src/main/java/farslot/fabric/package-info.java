/**
 * The server's side: {@link farslot.fabric.RootPort} is a virtual root port with one function
 * behind it, as a hypervisor sees it through {@link farslot.fabric.LocalFunction}. It gives the
 * card addresses of its own, holds its DMA to the windows, answers what guests read, in time, and
 * outlives resets and a link that is gone.
 *
 * <p>On one thread, its agent's; nothing is allocated for an access or a TLP.
 */
package farslot.fabric;
