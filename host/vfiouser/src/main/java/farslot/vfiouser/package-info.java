/**
 * The vfio-user protocol: how a hypervisor on this machine is given a PCIe device by a process.
 *
 * <p>One session, walked: {@link farslot.vfiouser.VfioUserServer} accepts a client and makes a
 * {@code Session}, which reads into an {@code Inbox}. {@code Requests} finds the messages, checks
 * them ({@code VfioUserMessage}, {@code RequestChecks}: pure), takes out the replies to our own DMA
 * messages, and gives the requests one by one, first to {@code Handshake}, then to {@code
 * Commands}: region accesses go to {@code AccessCommands} and so to the function, windows to {@code
 * DmaCommands}, interrupts to {@code IrqCommands}, questions to {@code InfoReplies}. Answers are
 * written by {@code Replies} into the {@code Outbox}, which {@code Session} empties. {@code
 * Attached} is what a client has of the function and what goes when it goes.
 *
 * <p>Everything but the codec's checks lives on one event loop. Nothing blocks.
 */
package farslot.vfiouser;
