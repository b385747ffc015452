# a virtio disk is plugged, used and unplugged by QMP, again and again (MSI-X hidden: QEMU up to 11.1 aborts when it unplugs a device that has it; so INTx)
needs_farslot
virtio_disk 64MiB
initiator_config initiator run <<'YAML'
  - name: disk0
    msix: false
YAML
start appliance
start initiator
guest_start --empty-port <<'GUEST'
modprobe virtio_pci
modprobe virtio_blk
used_thrice /dev/vda virtio_bdf
mark "done"
GUEST
plug_thrice plug "$SOCKET"
guest_end
still_serving appliance initiator
