# hot-plug by QMP: device_add, I/O, device_del, device_add again (MSI-X hidden: QEMU up to 11.1 aborts when it unplugs a device that has it)
# compatibility
one_drive 64MiB
initiator_config initiator run <<'YAML'
  - name: disk0
    msix: false
YAML
start appliance
start initiator
qemu=()
if reference; then
  reference_disk
  qemu=(-drive "if=none,id=d,file=$DISK,format=raw")
fi
guest_start --empty-port -- ${qemu[@]+"${qemu[@]}"} <<'GUEST'
used_thrice /dev/nvme0n1 nvme_bdf
mark "done"
GUEST
plug_reference() {
  qmp device_add '{"driver":"nvme","id":"card1","bus":"rp1","drive":"d","serial":"FS0001"}' >/dev/null || fail "device_add: QEMU refused"
}
if reference; then plug_thrice plug_reference; else plug_thrice plug "$SOCKET"; fi
guest_end
still_serving appliance initiator
