# hot-plug by QMP: device_add, I/O, device_del, device_add again (MSI-X hidden: QEMU 11.1 aborts when it unplugs a device that has it)
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
[ ! -e /dev/nvme0 ] || fail "a drive before it was plugged"
for round in 1 2 3; do
  mark "empty $round"
  drive
  bdf=$(nvme_bdf)
  [ "$round" != 1 ] || lspci -vv -s "$bdf" | grep -E 'MSI' || true
  fill /tmp/a 1 "$round"
  ok "written, round $round" dd if=/tmp/a of=/dev/nvme0n1 bs=64k seek=$((round * 16)) oflag=direct
  for seen in $(seq 1 $round); do
    fill /tmp/b 1 "$seen"
    ok "read what round $seen wrote" sh -c "dd if=/dev/nvme0n1 bs=64k skip=$((seen * 16)) count=16 iflag=direct 2>/dev/null | cmp - /tmp/b"
  done
  mark "used $round"
  wait_for 30 "the drive to go" [ ! -e "/sys/bus/pci/devices/$bdf" ]
  [ ! -e /dev/nvme0 ] || fail "unplugged, and /dev/nvme0 is still there"
done
mark "done"
GUEST
plug() {
  if reference; then
    qmp device_add '{"driver":"nvme","id":"card1","bus":"rp1","drive":"d","serial":"FS0001"}'
  else
    qmp device_add "{\"driver\":\"vfio-user-pci\",\"id\":\"card1\",\"bus\":\"rp1\",\"socket\":{\"type\":\"unix\",\"path\":\"$SOCKET\"}}"
  fi >/dev/null || fail "device_add: QEMU refused"
}
for round in 1 2 3; do
  await "empty $round"
  plug
  await "used $round"
  qmp device_del '{"id":"card1"}' >/dev/null || fail "device_del: QEMU refused"
  ok "plugged, used and unplugged, round $round"
done
guest_end
still_serving appliance initiator
