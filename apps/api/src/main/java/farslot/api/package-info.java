/**
 * What a request to the manager is, who asks, which handler answers, and what an error says; the
 * same over the control socket and over HTTPS. No socket and no thread is here.
 */
package farslot.api;
