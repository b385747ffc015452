/**
 * An NVM Express I/O controller: NVM Express Base Specification 2.0, NVM Command Set 1.0.
 *
 * <p>How a command travels: {@link Doorbells} note a new tail; {@link Arbiter} takes turns among
 * submission queues; a {@link SubmissionQueue} fetches entries, as many as there are by one DMA
 * read, and gives each to a pooled {@link Command}; an {@link Operation} leads it through its
 * phases (buffer, scatter list, data, store); a {@link CompletionQueue} posts its entry and {@link
 * InterruptVectors} says so. Everything runs on the slot's agent thread.
 *
 * <p>Not implemented: weighted round robin, controller memory buffer, metadata and protection
 * information, namespace management, firmware download, reservations, directives, doorbell buffers.
 */
package farslot.cards.nvme;
