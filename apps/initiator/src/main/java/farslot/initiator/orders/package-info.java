/**
 * What a server does of a manager's orders: a pure state machine. Orders and what happens go in,
 * with the time; what is to be done comes out by {@link farslot.initiator.orders.Means}.
 */
package farslot.initiator.orders;
