/**
 * The NVMe controllers' DMA guide: what a doorbell makes a controller read, whoever made that
 * controller. It runs at the server's end and knows only what the server's software does, so it
 * shares the specification's numbers with the card beside it and nothing else.
 */
package farslot.cards.nvme.guide;
