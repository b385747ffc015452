# initiator and appliance on two hosts (network namespaces joined by a cable)
needs_farslot
two_hosts
one_drive 64MiB
start appliance
start initiator
guest <<'GUEST'
drive
ok "mkfs.ext4" mkfs.ext4 -q /dev/nvme0n1
ok "mount" mount /dev/nvme0n1 /mnt
fill /mnt/file 4 hosts
sha256sum /mnt/file >/tmp/sums
ok "unmount" umount /mnt
ok "mount again" mount /dev/nvme0n1 /mnt
ok "the file has its checksum" sha256sum -c /tmp/sums
umount /mnt
no_kernel_complaint
GUEST
still_serving appliance initiator
