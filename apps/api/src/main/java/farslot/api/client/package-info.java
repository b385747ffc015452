/** Asking the manager, over whichever way leads to it. */
package farslot.api.client;
