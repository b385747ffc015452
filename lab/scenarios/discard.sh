# blkdiscard and fstrim punch holes in the appliance's image
one_drive 128MiB
start appliance
start initiator
guest_start <<'GUEST'
drive
dd if=/dev/urandom of=/tmp/r bs=1M count=1 2>/dev/null
for i in $(seq 0 63); do dd if=/tmp/r of=/dev/nvme0n1 bs=1M seek=$i oflag=direct 2>/dev/null; done
nvme flush /dev/nvme0n1 >/dev/null
mark "full"
listen
ok "blkdiscard of 32 MiB" blkdiscard -o $((16 << 20)) -l $((32 << 20)) /dev/nvme0n1
ok "deallocated blocks read as zeroes" sh -c 'dd if=/dev/nvme0n1 bs=1M skip=20 count=2 iflag=direct 2>/dev/null | cmp -n 2097152 - /dev/zero'
ok "their neighbour is untouched" sh -c 'dd if=/dev/nvme0n1 bs=1M skip=15 count=1 iflag=direct 2>/dev/null | cmp - /tmp/r'
mark "punched"
listen
ok "blkdiscard of everything" blkdiscard /dev/nvme0n1
mark "empty"
listen
no_kernel_complaint
GUEST
used() { du -k "$DISK" | cut -f 1; }
await full
full=$(used)
((full >= 65536)) || fail "64 MiB written, and the image uses only $full KiB"
tell punch
await punched
punched=$(used)
((punched <= full - 32000)) || fail "after deallocating 32 MiB the image uses $punched KiB, before it was $full"
ok "the image shrank from $full to $punched KiB"
tell empty
await empty
empty=$(used)
((empty < 1024)) || fail "everything deallocated, and the image still uses $empty KiB"
ok "and then to $empty KiB"
tell end
guest_end
same "the image kept its length" 134217728 "$(stat -c %s "$DISK")"
still_serving appliance initiator
