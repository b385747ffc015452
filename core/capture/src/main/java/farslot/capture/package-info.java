/**
 * Seeing the wire. A {@link farslot.capture.Tap} around rails copies frames into {@link
 * farslot.capture.FrameRing}s; another thread takes them out, filters them and writes pcapng.
 */
package farslot.capture;
