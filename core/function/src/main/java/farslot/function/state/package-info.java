/**
 * The bytes that a function's state is saved as: what {@link farslot.function.SavableFunction}
 * writes and reads. {@link farslot.function.state.StateFormat} says how they look.
 */
package farslot.function.state;
