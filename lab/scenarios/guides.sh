# one guest, disks in memory: fio with DMA guides, without, and on its own virtio-blk over NBD; prints ratios, asserts bytes and that guides push
needs_farslot

# Two drives in the appliance's memory, one of them without a guide.
appliance_config <<'YAML'
  - {name: guided, card: nvme, serial: FS0001, namespaces: [{ram: 64MiB}]}
  - {name: plain, card: nvme, serial: FS0002, namespaces: [{ram: 64MiB}]}
YAML
initiator_config initiator run <<'YAML'
  - guided
  - {name: plain, guides: off}
YAML

# What users would pick instead. QEMU's own NBD server, so that nothing has to be brought: the one of qemu-nbd.
nbd_server() {
  local qmp=$WORK/nbd.qmp
  NBD_PORT=$(free_port)
  NBD_FILE=$(mktemp /dev/shm/farslot-nbd.XXXXXX)
  truncate -s 64M "$NBD_FILE"
  setpriv --pdeathsig KILL "$CACHE/qemu/bin/qemu-system-x86_64" -machine none -nodefaults -display none -qmp "unix:$qmp,server=on,wait=off" \
    -blockdev "{\"driver\":\"file\",\"node-name\":\"disk\",\"filename\":\"$NBD_FILE\"}" </dev/null >"$WORK/nbd.log" 2>&1 &
  NBD_PID=$!
  SPAWNED+=("$NBD_PID")
  wait_until 20 "the NBD server" test -S "$qmp" || fail "QEMU's NBD server did not start: $(<"$WORK/nbd.log")"
  rm "$NBD_FILE"
  "$LAB/qmp" "$qmp" nbd-server-start "{\"addr\":{\"type\":\"inet\",\"data\":{\"host\":\"127.0.0.1\",\"port\":\"$NBD_PORT\"}}}" >/dev/null
  "$LAB/qmp" "$qmp" block-export-add '{"type":"nbd","id":"disk","node-name":"disk","name":"disk","writable":true}' >/dev/null
}

start appliance
start initiator
nbd_server
# ROUNDS=3 for figures that somebody wants to keep.
guest_start --time-limit 200 --set rounds="${ROUNDS:-1}" --function "$WORK/run/guided.sock" --function "$WORK/run/plain.sock" -- \
  -blockdev "{\"driver\":\"nbd\",\"node-name\":\"nbd\",\"server\":{\"type\":\"inet\",\"host\":\"127.0.0.1\",\"port\":\"$NBD_PORT\"},\"export\":\"disk\"}" \
  -device virtio-blk-pci,drive=nbd <<'GUEST'
drive
drive /dev/nvme1n1
virtio_drive
for n in 0 1; do
  case $(cat /sys/block/nvme${n}n1/device/serial) in
    FS0001*) guided=/dev/nvme${n}n1 ;;
    FS0002*) plain=/dev/nvme${n}n1 ;;
  esac
done
disk() { case $1 in guided) echo "$guided" ;; plain) echo "$plain" ;; nbd) echo /dev/vda ;; esac; }

run() { # DISK OPTIONS: fio's terse line
  name=$1; shift
  fio --name="$name" --filename="$(disk "$name")" --direct=1 --ioengine=libaio --minimal "$@" >/tmp/fio.out 2>&1 ||
    { cat /tmp/fio.out; fail "fio on $name"; }
}
# What comes back is what was written, with and without a guide.
for name in guided plain; do
  run $name --rw=randrw --bssplit=4k/60:16k/20:128k/20 --iodepth=16 --size=24M --verify=crc32c --verify_fatal=1 --verify_backlog=64
  echo "  ok  $name: what fio wrote it read back"
done

# Rounds take turns: what the machine does besides hits all three.
for round in $(seq "$rounds"); do
  for depth in 1 32; do
    for name in guided plain nbd; do
      for rw in randread randwrite; do
        run $name --rw=$rw --bs=4k --iodepth=$depth --size=32M --norandommap --time_based --runtime=1
        awk -F';' -v d=$depth -v n=$name -v rw=$rw '$1 == 3 { print rw, d, n, $8 + $49 }' /tmp/fio.out >>/tmp/found
      done
    done
  done
done
sort -k1,1 -k2,2n -k3,3 -k4,4n /tmp/found | awk '
  { key = $1 " " $2; keys[key] = 1; value[key, $3, ++count[key, $3]] = $4 }
  function middle(key, name) { return value[key, name, int((count[key, name] + 1) / 2)] }
  END {
    for (key in keys) {
      split(key, part, " ")
      printf "@@ratio %s depth %2d: guides on over off %.2f, over virtio-blk on NBD %.2f (%d, %d, %d a second)\n", part[1], part[2],
        middle(key, "guided") / middle(key, "plain"), middle(key, "guided") / middle(key, "nbd"),
        middle(key, "guided"), middle(key, "plain"), middle(key, "nbd")
    }
  }' | sort
no_kernel_complaint
mark measured
listen
GUEST
await measured 180
counted() { # FUNCTION COUNTER: of its guide
  "$REPO/farslot" status --from "$WORK/initiator.yaml" | sed -n "s/^$1 .*[{ ]$2=\([0-9]*\).*/\1/p"
}
pushes=$(counted guided pushes)
((pushes > 1000)) || fail "the guide has pushed ${pushes:-nothing} while fio ran"
"$REPO/farslot" status --from "$WORK/initiator.yaml" | grep -q '^plain .*guide off' || fail "the other drive has a guide, too"
ok "the guide of one drive has pushed $pushes times, the other has none"
tell "done"
guest_end
terminate "$NBD_PID"
# Ratios, never asserted: the processor is emulated, and the machine does other things besides.
same "ratios" 4 "$(grep -ac '^@@ratio ' "$GUEST_LOG")"
sed -n 's/^@@ratio /  /p' "$GUEST_LOG" >&2
still_serving appliance initiator
