/**
 * The DMA guide for virtual functions of Intel's 10 Gb family: knows at the server's end what a
 * transmit queue's tail makes the card read, and sends it along. It shares nothing with the card
 * but the numbers of the data sheet.
 */
package farslot.cards.nic82599.guide;
