/**
 * A server in software: a root complex that enumerates functions as a kernel does, and small
 * drivers for NVMe and virtio disks on top. With it the whole path can be driven, shown and
 * measured without a hypervisor.
 */
package farslot.fabric.software;
