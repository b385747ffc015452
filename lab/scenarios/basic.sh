# lspci behind a root port, nvme list, a filesystem, files with checksums, the same bytes in the appliance's image
# compatibility
one_drive 64MiB
start appliance
start initiator
guest <<'GUEST'
drive
bdf=$(nvme_bdf)
lspci -nn -s "$bdf" | grep '\[0108\]' || fail "lspci shows no NVMe controller at $bdf"
lspci -vv -s "$bdf" | grep -E 'LnkSta:|MSI-X|Express|Serial' || true
case $(readlink -f "/sys/bus/pci/devices/0000:${bdf#0000:}") in
  *pci0000:00/*/"$bdf") ;;
  *) fail "the drive is not behind a root port" ;;
esac
nvme list | grep FS0001 || fail "nvme list does not show the drive"
ok "mkfs.ext4" mkfs.ext4 -q /dev/nvme0n1
ok "mount" mount /dev/nvme0n1 /mnt
for n in 1 2 3; do fill /mnt/file$n 2 "$n"; done
echo "this very line lies on a drive that is somewhere else" >/mnt/line
sha256sum /mnt/file? >/tmp/sums
ok "unmount" umount /mnt
echo 3 >/proc/sys/vm/drop_caches
ok "mount again" mount /dev/nvme0n1 /mnt
ok "the files have their checksums" sha256sum -c /tmp/sums
ok "unmount again" umount /mnt
ok "e2fsck finds nothing to do" e2fsck -fn /dev/nvme0n1
no_kernel_complaint
echo "sum: $(sha256sum </dev/nvme0n1 | cut -c 1-64)"
GUEST
same "the guest's drive and the appliance's image hold the same bytes" "$(sed -n 's/^sum: //p' "$GUEST_LOG")" "$(sha256sum <"$DISK" | cut -c 1-64)"
grep -qa 'this very line lies on a drive' "$DISK" || fail "the guest's line is not in the image"
# What the guest polled, and what of configuration space cannot change, was not asked for over the wire.
status=$("$REPO/farslot" status --from "$WORK/initiator.yaml")
[[ $status =~ (^|[^-])register-reads=([1-9][0-9]*) ]] || fail "every register was asked for: $status"
registers=${BASH_REMATCH[2]}
[[ $status =~ config-reads=([1-9][0-9]*) ]] || fail "all of configuration space was asked for: $status"
echo "  ok  answered without the card: $registers reads of registers, ${BASH_REMATCH[1]} of configuration space"
still_serving appliance initiator
