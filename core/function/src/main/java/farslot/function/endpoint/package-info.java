/**
 * What stands between a stream of TLPs and a function, so that cards need not know of either:
 * {@link farslot.function.endpoint.FunctionEndpoint} takes what arrives apart, answers for
 * configuration space and capabilities, leads reads and writes to the function, and turns its DMA
 * and its interrupts into TLPs (PCI Express Base Specification, chapters 2, 6 and 7).
 *
 * <p>On the function's agent's thread only; nothing is allocated for a TLP.
 */
package farslot.function.endpoint;
