# QEMU started while the appliance is down: the guest must not hang, and a guest started after its return has the drive
needs_farslot
one_drive 64MiB
start appliance
start initiator
crash appliance
guest_start --time-limit 90 <<'GUEST'
echo "  ok  a guest without its drive boots, $(ls /dev/nvme?n1 2>/dev/null || echo no drive)"
mark "up"
GUEST
# The firmware is at work on the slot now.
sleep 1
start appliance
await up 90
guest_end
wait_until 30 "the initiator to have its function back" file_has "$WORK/initiator.log" 'disk0.*back' || { show_log initiator; fail "the initiator did not come back to a restarted appliance"; }
guest <<'GUEST'
drive
ok "the drive is read" dd if=/dev/nvme0n1 of=/dev/null bs=64k count=16 iflag=direct
no_kernel_complaint
GUEST
still_serving appliance initiator
