/**
 * For tests: {@link farslot.testkit.FakeRootComplex} drives any card by TLP in one thread and
 * virtual time, {@link farslot.testkit.CardConformance} is the battery that every card passes.
 */
package farslot.testkit;
