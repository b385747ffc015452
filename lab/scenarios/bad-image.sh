# disk image missing, read-only, too short, on a full disk: an NVMe status or a reason, never a dead appliance
needs_farslot
needs_root "it mounts small file systems"
DISK=$WORK/good.img
small=$WORK/small
readonly=$WORK/readonly
mkdir "$small" "$readonly"
mount -t tmpfs -o size=8m farslot-small "$small"
# Root writes to a file of mode 444 all the same: only a read-only mount is read-only.
mount -t tmpfs -o size=64m farslot-readonly "$readonly"
trap 'status=$?; stop_everything; umount "$small" "$readonly"; conclude "$status"' EXIT
truncate -s 32M "$readonly/disk.img" "$WORK/short.img"
mount -o remount,ro "$readonly"
appliance_config <<YAML
  - name: good
    card: nvme
    serial: GOOD
    namespaces:
      - file: $DISK
        size: 32MiB
  - name: readonly
    card: nvme
    serial: READONLY
    namespaces:
      - file: $readonly/disk.img
        read-only: true
  - name: short
    card: nvme
    serial: SHORT
    namespaces:
      - file: $WORK/short.img
  - name: full
    card: nvme
    serial: FULL
    namespaces:
      - file: $small/full.img
        size: 64MiB
  - name: missing
    card: nvme
    serial: MISSING
    namespaces:
      - file: $WORK/missing.img
  - name: shorter
    card: nvme
    serial: SHORTER
    namespaces:
      - file: $WORK/shorter.img
        size: 64MiB
YAML
truncate -s 1M "$WORK/shorter.img"
initiator_config initiator run <<'YAML'
  - name: good
  - name: readonly
  - name: short
  - name: full
YAML
initiator_config initiator2 run2 server-b <<'YAML'
  - name: missing
  - name: shorter
YAML
start appliance
start initiator
# What cannot be served at all is refused with the reason; the other slots do not suffer.
launch initiator2
for image in missing.img shorter.img; do
  wait_until 20 "the reason about $image" file_has "$WORK/initiator2.log" "$image" || { show_log initiator2; fail "nobody says what is wrong with $image"; }
  ok "refused: $(grep -a -m 1 "$image" "$WORK/initiator2.log")"
done
if alive initiator2; then stop initiator2; fi
still_serving appliance initiator
guest_start --function "$WORK/run/good.sock" --function "$WORK/run/readonly.sock" --function "$WORK/run/short.sock" \
  --function "$WORK/run/full.sock" --time-limit 180 <<'GUEST'
named() { # SERIAL: its controller
  for c in /sys/class/nvme/nvme*; do
    if [ "$(tr -d ' ' <"$c/serial")" = "$1" ]; then basename "$c"; return; fi
  done
  return 1
}
for s in GOOD READONLY SHORT FULL; do
  wait_for 40 "the drive $s" named $s
  drive "/dev/$(named $s)n1"
done
good=/dev/$(named GOOD)n1 readonly=/dev/$(named READONLY)n1 short=/dev/$(named SHORT)n1 full=/dev/$(named FULL)n1
fill /tmp/a 1 bad

ok "good: written" dd if=/tmp/a of=$good bs=64k oflag=direct
ok "read-only: read" dd if=$readonly of=/dev/null bs=64k count=4 iflag=direct
refused "read-only: a write" 'write|read.only|protect|not permitted|error' nvme write $readonly -s 0 -c 7 -z 4096 -d /tmp/a

mark "shorten"
listen
ok "too short: what is left is read" dd if=$short of=/dev/null bs=64k count=4 iflag=direct
refused "too short: past the image's end" 'error|media|LBA|unrecovered|internal' nvme read $short -s 60000 -c 7 -z 4096 -d /tmp/back

# 8 MiB of room below a namespace of 64 MiB.
if dd if=/dev/urandom of=$full bs=1M count=16 oflag=direct 2>/tmp/dd.out; then fail "16 MiB went onto a disk of 8"; fi
echo "  ok  full disk: the write fails"
refused "full disk: nvme-cli shows a status" 'status|error|capacity|fault' nvme write $full -s 100000 -c 255 -z 131072 -d /tmp/a
ok "full disk: what was written is read" dd if=$full of=/dev/null bs=1M count=1 iflag=direct

ok "good: still good" sh -c "dd if=$good bs=64k count=16 iflag=direct 2>/dev/null | cmp - /tmp/a"
GUEST
await shorten
truncate -s 1M "$WORK/short.img"
tell "the image is short"
guest_end
still_serving appliance initiator
