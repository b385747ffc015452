# the same virtio disk with the guide for its queues and without, one beside the other: the same bytes, fewer round trips
needs_farslot
virtio_disks() {
  local n
  for n in 0 1; do
    cat <<YAML
  - name: disk$n
    card: virtio-blk
    serial: FSV000$n
    file: $WORK/disk$n.img
    size: 64MiB
YAML
  done
}
appliance_config < <(virtio_disks)
initiator_config initiator run <<'YAML'
  - name: disk0
  - name: disk1
    guides: off
YAML
start appliance
start initiator
# ROUNDS=3 for figures that somebody wants to keep.
guest_start --time-limit 240 --set rounds="${ROUNDS:-1}" --function "$WORK/run/disk0.sock" --function "$WORK/run/disk1.sock" <<'GUEST'
virtio_drive /dev/vda
drive /dev/vdb
guided=$(grep -l FSV0000 /sys/block/vd[ab]/serial | cut -d / -f 4)
alone=$(grep -l FSV0001 /sys/block/vd[ab]/serial | cut -d / -f 4)
run() { # DISK OPTIONS: how many operations a second
  disk=$1; shift
  fio --name=x --filename="/dev/$disk" --direct=1 --ioengine=libaio --bs=4k --size=32M --time_based --runtime=1 --minimal "$@" >/tmp/fio.out 2>&1 ||
    { cat /tmp/fio.out; fail "fio on $disk"; }
  awk -F';' '$1 == 3 { print $8 + $49 }' /tmp/fio.out
}
for load in "randread 1" "randwrite 1" "randread 32" "randwrite 32"; do
  set -- $load
  a=0; b=0
  for round in $(seq "$rounds"); do
    a=$((a + $(run "$guided" --rw="$1" --iodepth="$2")))
    b=$((b + $(run "$alone" --rw="$1" --iodepth="$2")))
  done
  echo "  ok  $1 at depth $2: $((a / rounds)) operations a second with the guide, $((b / rounds)) without: $((100 * a / b)) %"
done
for disk in "$guided" "$alone"; do
  fio --name=v --filename="/dev/$disk" --direct=1 --ioengine=libaio --rw=randrw --bsrange=4k-64k --blockalign=4k --iodepth=16 --size=24M --randseed=7 \
    --verify=crc32c --verify_fatal=1 --verify_backlog=64 --minimal >/tmp/fio.out 2>&1 || { cat /tmp/fio.out; fail "fio verification on $disk"; }
  ok "fill $disk" sh -c "yes farslot | dd of=/dev/$disk bs=64k count=1024 iflag=fullblock oflag=direct"
done
same=$(cmp /dev/vda /dev/vdb && echo yes)
[ "$same" = yes ] || fail "the two disks hold other bytes"
no_kernel_complaint
mark "done"
listen
GUEST
await "done" 240
"$REPO/farslot" status --from "$WORK/initiator.yaml" >"$WORK/status" || fail "no status"
tell "go"
guest_end
grep -q virtqueue "$WORK/status" || { cat "$WORK/status" >&2; fail "no function is guided by the guide for virtqueues"; }
grep -E 'guide|push' "$WORK/status" | sed 's/^/    | /' >&2
still_serving appliance initiator
