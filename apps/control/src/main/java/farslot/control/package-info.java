/**
 * The control socket of a running appliance or initiator: a unix socket for its owner only. A
 * connection is one request, a line of JSON with a {@code command}; one answer, a line of JSON; and
 * then, if the command has one, a stream. It lives on threads of its own: whoever asks slowly or
 * wrongly never meets the data plane.
 */
package farslot.control;
