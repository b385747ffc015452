/** What protects packets: keys, sealing and opening, replays, and a way for handshakes. Pure. */
package farslot.carrier.seal;
