/**
 * What brings a fabric to the state that its documents say. Agents report what is, people change
 * what shall be, {@link farslot.manager.engine.Engine} makes the steps between the two; time is a
 * parameter, and everything that decides follows from the store and from reports, so that a manager
 * that was killed anywhere goes on where it was. {@link farslot.manager.engine.Manager} adds the
 * clock, the threads and the API.
 */
package farslot.manager.engine;
