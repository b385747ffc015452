package farslot.cards.nic82599;

import farslot.cards.nic82599.bridge.BridgePort;
import farslot.function.FunctionPort;
import farslot.function.Turn;

/**
 * What the queues of a function have in common.
 *
 * @param port the slot
 * @param bridge the function's place in the switch
 */
record Common(
    FunctionPort port,
    BridgePort bridge,
    Turn turn,
    Causes causes,
    Statistics statistics,
    Counts counts) {}
