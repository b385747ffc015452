/**
 * Numbers of the Intel 82599 10 GbE Controller, as far as a virtual function shows them: constants
 * only, each group with its section of the data sheet (331520), and the mailbox's messages, which
 * are a convention of the drivers.
 */
package farslot.cards.nic82599.spec;
