# UEFI boots Linux from an NVMe drive by OVMF's own driver, and reads a virtio disk by its own, too
# compatibility
needs_farslot
LINUX=$KERNEL WORD=read-by-uefi-$RANDOM$RANDOM
cat >"$WORK/linux.script" <<'GUEST'
[ -d /sys/firmware/efi ] || fail "Linux was not started by UEFI"
echo "  ok  Linux $(uname -r) was started by UEFI"
drive
virtio_drive
ok "the virtio disk is what was put there" sh -c 'sha256sum </dev/vda | grep -q "$virtio"'
no_kernel_complaint
GUEST
mtools() { "$CACHE/firmware/bin/mtools" -c "$@"; }
# fat_disk IMAGE MIB FILE...: a disk with a file system that every UEFI firmware reads.
fat_disk() {
  local image=$1 mib=$2
  shift 2
  truncate -s "${mib}M" "$image"
  mtools mformat -i "$image" -F -T $((mib * 2048)) ::
  mtools mcopy -i "$image" "$@" ::/
}

say "@@$WORD" >"$WORK/word.txt"
fat_disk "$WORK/virtio.img" 40 "$WORK/word.txt"
virtio=$(sha256sum <"$WORK/virtio.img" | cut -d ' ' -f 1)
# What the shell does at its start: show the word from wherever it is, then start Linux, whose kernel is a UEFI program.
cat >"$WORK/startup.nsh" <<'NSH'
for %i in 0 1
  if exist fs%i:\word.txt then
    type fs%i:\word.txt
  endif
endfor
for %i in 0 1
  if exist fs%i:\linux.efi then
    fs%i:
    linux.efi initrd=\initrd console=ttyS0 quiet panic=-1 mitigations=off nokaslr tsc=reliable no_timer_check nowatchdog
  endif
endfor
NSH
cp "$CACHE/kernel/$LINUX/bzImage" "$WORK/linux.efi"
"$LAB/image" --kernel "$LINUX" --script "$WORK/linux.script" --set virtio="$virtio" "$WORK/initrd"
fat_disk "$WORK/disk.img" 96 "$WORK/linux.efi" "$WORK/initrd" "$WORK/startup.nsh"

appliance_config <<YAML
  - name: disk0
    card: nvme
    serial: FS0001
    namespaces: [{file: $WORK/disk.img}]
  - name: disk1
    card: virtio-blk
    serial: FSV0001
    file: $WORK/virtio.img
YAML
initiator_config initiator run <<<'  [disk0, disk1]'
start appliance
start initiator
cp "$CACHE/firmware/OVMF_VARS_4M.fd" "$WORK/vars.fd"
KERNEL=none guest --time-limit 180 --function "$WORK/run/disk0.sock" --function "$WORK/run/disk1.sock" -- \
  -drive "if=pflash,format=raw,readonly=on,file=$CACHE/firmware/OVMF_CODE_4M.fd" -drive "if=pflash,format=raw,file=$WORK/vars.fd" </dev/null
file_has "$GUEST_LOG" "@@$WORD" || fail "UEFI did not show the file on the virtio disk"
ok "OVMF read the file on the virtio disk: $WORD"
still_serving appliance initiator
FIRMWARE="OVMF $(<"$CACHE/firmware/version")"
seen nvme "OVMF's own"
seen virtio-blk "OVMF's own"
