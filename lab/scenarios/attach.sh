# the manager attaches a drive to a running guest and detaches it, 12 times, with p50 and p99; reboots and new QEMUs get it back by themselves
# compatibility
needs_farslot
managed_drive 64MiB
managed_initiator initiator server-a vm1
start up
start initiator
guest_start --empty-port --empty-port --reboot-allowed --time-limit 300 -- -qmp "unix:$WORK/vm1.qmp,server=on,wait=off" <<'GUEST'
mark up
round=0
while [ $round -lt 12 ]; do
  round=$((round + 1))
  until dd if=/dev/nvme0n1 of=/dev/null bs=4k count=1 iflag=direct 2>/dev/null; do usleep 20000; done
  mark "usable $round"
  while [ -e /sys/class/nvme/nvme0 ]; do usleep 20000; done
  mark "gone $round"
done
no_kernel_complaint
drive
fill /tmp/a 1 attach
ok "written" dd if=/tmp/a of=/dev/nvme0n1 bs=64k oflag=direct conv=fsync
mark written
GUEST
await up
perl "$LAB/lib/attach-times.pl" "$WORK/state/control.sock" rack1/disk0 server-a vm1 "$GUEST_LOG" 12 >"$WORK/times" || { show_log initiator; fail "attach and detach"; }
cat "$WORK/times" >&2
ok "12 times attached and detached"
manager POST functions/rack1/disk0/attach '{"server":"server-a","guest":"vm1"}' wait=60s >/dev/null
await written
guest_end
# Another QEMU, of which nobody has told us, and then a reboot of its guest: both get the card by themselves.
guest_start --empty-port --empty-port --reboot-allowed -- -qmp "unix:$WORK/vm1.qmp,server=on,wait=off" <<'GUEST'
drive
fill /tmp/a 1 attach
ok "the bytes are there" sh -c 'dd if=/dev/nvme0n1 bs=64k count=16 iflag=direct 2>/dev/null | cmp - /tmp/a'
if [ "$(dd if=/dev/nvme0n1 bs=4k skip=1024 count=1 iflag=direct 2>/dev/null | head -c 6)" != second ]; then
  { printf second; head -c 4090 /dev/zero; } | dd of=/dev/nvme0n1 bs=4k seek=1024 oflag=direct conv=fsync 2>/dev/null
  mark "restart"
  wait_for 60 "the drive to be plugged anew" sh -c '[ "$(dmesg | grep -c "nvme nvme0: pci function")" -ge 2 ]'
  drive
  ok "the bytes are there again" sh -c 'dd if=/dev/nvme0n1 bs=64k count=16 iflag=direct 2>/dev/null | cmp - /tmp/a'
  mark "reboots"
  reboot -f
  sleep 60
fi
no_kernel_complaint
GUEST
await restart
# QEMU never finds the socket of an initiator that is gone: the next one, by its orders on disk, plugs anew.
crash initiator
start initiator
await reboots
guest_end
ok "another QEMU got it by itself, and its guest after the initiator was killed and after a reboot"
still_serving up initiator
