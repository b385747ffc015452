/**
 * The manager's documents, as JSON in a {@code StateStore}, and the transactions by which an
 * assignment goes through its life. Pure: no clock, no thread, no socket; whoever runs them commits
 * what they make.
 */
package farslot.manager.model;
