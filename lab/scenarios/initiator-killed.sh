# the initiator killed and started again: the appliance gives it its function back, the guest outlives its drive, a fresh guest uses it
needs_farslot
one_drive 128MiB
start appliance
start initiator
guest_start <<'GUEST'
drive
fill /tmp/a 1 initiator
dd if=/tmp/a of=/dev/nvme0n1 bs=64k oflag=direct conv=fsync 2>/dev/null
mark "written"
listen
# QEMU lost its socket for good: the guest sees a dead device, and must live on without it.
echo 1 >"/sys/bus/pci/devices/$(nvme_bdf)/remove" || true
mark "removed"
echo "  ok  the guest outlives its drive"
GUEST
await written
crash initiator
ok "initiator killed"
start initiator
ok "initiator started again"
tell "the initiator is back"
await removed 120
guest_end
guest <<'GUEST'
drive
fill /tmp/a 1 initiator
ok "the bytes are there" sh -c 'dd if=/dev/nvme0n1 bs=64k count=16 iflag=direct 2>/dev/null | cmp - /tmp/a'
no_kernel_complaint
GUEST
still_serving appliance initiator
