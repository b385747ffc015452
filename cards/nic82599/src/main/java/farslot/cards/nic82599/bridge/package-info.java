/**
 * The card's switch: frames between the ports of virtual functions and the uplink. Pure: time is a
 * parameter, the uplink an {@code EthernetPort}. What a guest may do on its port is what the
 * appliance's {@link farslot.cards.nic82599.bridge.PortPolicy} permits.
 */
package farslot.cards.nic82599.bridge;
