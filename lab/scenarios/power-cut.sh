# the appliance killed by SIGKILL after a completed Flush, started again: what was flushed is there; the initiator finds it again by itself
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
guest_killed
start appliance
still_serving initiator
wait_until 30 "the initiator to have its function back" file_has "$WORK/initiator.log" 'disk0.*back' || { show_log initiator; fail "the initiator did not come back to a restarted appliance"; }
guest <<'GUEST'
drive
fill /tmp/a 4 power
ok "what was flushed is there" sh -c 'dd if=/dev/nvme0n1 bs=64k count=64 iflag=direct 2>/dev/null | cmp - /tmp/a'
no_kernel_complaint
GUEST
still_serving appliance initiator
