/**
 * What appliances and initiators, the manager's agents, tell it and hear from it. An agent reports
 * what is; its orders say what shall be, as a whole. Each message stands for itself: one that is
 * lost, late or comes twice changes nothing.
 */
package farslot.api.agent;
