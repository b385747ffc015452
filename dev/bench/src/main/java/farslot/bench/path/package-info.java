/**
 * The whole path from a driver to a card's memory and back, and bare TCP beside it: an appliance
 * and a server in software, a thread each, over loopback; rounds of both take turns.
 */
package farslot.bench.path;
