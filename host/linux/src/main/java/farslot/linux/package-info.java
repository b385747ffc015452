/**
 * Linux by the Foreign Function and Memory API: {@code *Calls} bind system calls one to one, the
 * other types give them descriptors, limits and errors ({@link farslot.linux.ErrnoException} names
 * call, arguments and errno). {@link farslot.linux.EventLoop} is the thread on which a process's
 * data plane lives.
 *
 * <p>The only package that calls native code. What is used for each packet or I/O allocates
 * nothing.
 */
package farslot.linux;
