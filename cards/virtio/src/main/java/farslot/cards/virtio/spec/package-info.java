/**
 * Numbers of the Virtual I/O Device (VIRTIO) specification, Version 1.2 (OASIS Committee
 * Specification 01). Constants only; section numbers are of that version. All fields are
 * little-endian.
 */
package farslot.cards.virtio.spec;
