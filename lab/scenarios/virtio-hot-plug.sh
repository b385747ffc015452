# a virtio disk is plugged, used and unplugged by QMP, again and again (MSI-X hidden: QEMU 11.1 aborts when it unplugs a device that has it; so INTx)
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
[ ! -e /dev/vda ] || fail "a disk before it was plugged"
for round in 1 2 3; do
  mark "empty $round"
  drive /dev/vda
  bdf=$(virtio_bdf)
  fill /tmp/a 1 "$round"
  ok "written, round $round" dd if=/tmp/a of=/dev/vda bs=64k seek=$((round * 16)) oflag=direct
  for seen in $(seq 1 $round); do
    fill /tmp/b 1 "$seen"
    ok "read what round $seen wrote" sh -c "dd if=/dev/vda bs=64k skip=$((seen * 16)) count=16 iflag=direct 2>/dev/null | cmp - /tmp/b"
  done
  mark "used $round"
  wait_for 30 "the disk to go" [ ! -e "/sys/bus/pci/devices/$bdf" ]
  [ ! -e /dev/vda ] || fail "unplugged, and /dev/vda is still there"
done
mark "done"
GUEST
for round in 1 2 3; do
  await "empty $round"
  qmp device_add "{\"driver\":\"vfio-user-pci\",\"id\":\"card1\",\"bus\":\"rp1\",\"socket\":{\"type\":\"unix\",\"path\":\"$SOCKET\"}}" >/dev/null ||
    fail "device_add: QEMU refused"
  await "used $round"
  qmp device_del '{"id":"card1"}' >/dev/null || fail "device_del: QEMU refused"
  ok "plugged, used and unplugged, round $round"
done
guest_end
still_serving appliance initiator
