/**
 * A virtio block device over PCI, modern only: Virtual I/O Device (VIRTIO) Version 1.2.
 *
 * <p>How a request travels: a notification wakes its {@link Virtqueue}, which reads the available
 * ring and gives each entry to a pooled {@link Request}; that follows its descriptors ({@link
 * Chain}), and {@link BlockCommands} lead it through data and store; the queue then writes the used
 * ring, and {@link InterruptUnit} says so. Everything runs on the slot's agent thread.
 *
 * <p>Not implemented: packed virtqueues, event indexes (see {@link Virtqueue}), queue reset, zoned
 * devices, secure erase, lifetime, legacy and transitional interfaces.
 */
package farslot.cards.virtio;
