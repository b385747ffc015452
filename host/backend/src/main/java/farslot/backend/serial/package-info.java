/**
 * What a serial port's connector can lead to on this host: pseudo-terminals and terminals ({@link
 * farslot.backend.serial.DescriptorLine}), TCP connections ({@link
 * farslot.backend.serial.CallLine}), and serial ports of other machines by RFC 2217 ({@link
 * farslot.backend.serial.Rfc2217Line}).
 */
package farslot.backend.serial;
