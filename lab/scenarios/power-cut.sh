# the appliance killed by SIGKILL after a completed Flush, started again: what was flushed is there, and the guest goes on
needs_farslot
one_drive 128MiB
start appliance
start initiator
guest_start --time-limit 180 <<'GUEST'
drive
fill /tmp/a 4 power
dd if=/tmp/a of=/dev/nvme0n1 bs=64k oflag=direct 2>/dev/null
nvme flush /dev/nvme0n1 >/dev/null
mark "flushed"
listen
GUEST
await flushed
crash appliance
ok "appliance killed after the flush"
cp --sparse=always "$DISK" "$WORK/after.img"
guest_killed
start appliance
crash initiator
start initiator
guest <<'GUEST'
drive
fill /tmp/a 4 power
ok "what was flushed is there" sh -c 'dd if=/dev/nvme0n1 bs=64k count=64 iflag=direct 2>/dev/null | cmp - /tmp/a'
no_kernel_complaint
GUEST
still_serving appliance initiator
