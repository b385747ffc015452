# raw Ethernet: the appliance found on its segment, in a VLAN, with frames as long as an MTU of 9000 allows
needs_farslot
two_hosts 1 9000
rails 'eth?vlan=7&pcp=5'
one_drive 64MiB
start appliance
found=$(net_on initiator "$REPO/farslot" discover --interface rail0 --vlan 7) || fail "nobody was found in VLAN 7: $found"
[[ $found =~ appliance.*9000.*disk0 ]] || fail "discovery found something else: $found"
ok "farslot discover finds the appliance, its MTU and its function"
net_on initiator "$REPO/farslot" discover --interface rail0 2>/dev/null && fail "somebody was found outside of the VLAN"
ok "and nobody outside of the VLAN"
start initiator
guest <<'GUEST'
drive
ok "mkfs.ext4" mkfs.ext4 -q /dev/nvme0n1
ok "mount" mount /dev/nvme0n1 /mnt
fill /mnt/file 4 ethernet
sha256sum /mnt/file >/tmp/sums
ok "unmount" umount /mnt
ok "mount again" mount /dev/nvme0n1 /mnt
ok "the file has its checksum" sha256sum -c /tmp/sums
ok "unmount again" umount /mnt
ok "e2fsck finds nothing to do" e2fsck -fn /dev/nvme0n1
no_kernel_complaint
echo "sum: $(sha256sum </dev/nvme0n1 | cut -c 1-64)"
GUEST
same "the guest's drive and the appliance's image hold the same bytes" "$(sed -n 's/^sum: //p' "$GUEST_LOG")" "$(sha256sum <"$DISK" | cut -c 1-64)"
status=$("$REPO/farslot" status --from "$WORK/initiator.yaml")
up='eth:rail0/appliance[^ ]*vlan=7[^ ]* +up '
[[ $status =~ $up ]] || fail "the session has another rail: $status"
still_serving appliance initiator
