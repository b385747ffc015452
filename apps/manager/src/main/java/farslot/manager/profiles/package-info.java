/**
 * Server profiles: what people write, a plan of what it changes, and what keeps the fabric as the
 * profiles want it. All of it decides by documents, by what agents have told, and by a time that is
 * given: it has no thread, no clock and no socket.
 */
package farslot.manager.profiles;
