# Words for the scripts that run inside a guest (busybox sh, -eu). Sourced before every one of them.

trap 'status=$?; [ $status = 0 ] || echo "guest: the script ended with status $status"' EXIT

# The host follows the console and waits for such lines.
mark() { echo "@@mark: $*"; }

# Waits for the host's next word on the second serial port (see tell in lib/scenario.sh).
listen() { read -r word </dev/ttyS1; echo "host: $word"; }

fail() { echo "@@failed: $*"; exit 1; }

# ok WHAT COMMAND...: one line for a success, the command's output for a failure.
ok() {
  what=$1; shift
  if "$@" >/tmp/ok.out 2>&1; then echo "  ok  $what"; else
    status=$?; cat /tmp/ok.out; fail "$what (status $status)"
  fi
}

# refused WHAT PATTERN COMMAND...: COMMAND must fail and say PATTERN.
refused() {
  what=$1; pattern=$2; shift 2
  if "$@" >/tmp/ok.out 2>&1; then cat /tmp/ok.out; fail "$what: was accepted"; fi
  grep -qiE "$pattern" /tmp/ok.out || { cat /tmp/ok.out; fail "$what: refused, but not with '$pattern'"; }
  echo "  ok  $what"
}

# Busybox's shell takes its own words first; this one is meant to be iproute2's.
ip() { /usr/bin/ip -c=never "$@"; }

wait_for() { # SECONDS WHAT COMMAND...
  left=$(($1 * 10 * PATIENCE)); what=$2; shift 2
  until "$@" 2>/dev/null; do
    left=$((left - 1))
    [ $left -gt 0 ] || fail "waited in vain for $what"
    sleep 0.1
  done
}

# Until the drive's block device is there.
drive() { wait_for 30 "${1:-/dev/nvme0n1}" [ -b "${1:-/dev/nvme0n1}" ]; }

# The PCI address of the N-th NVMe controller.
nvme_bdf() { basename "$(readlink "/sys/class/nvme/nvme${1:-0}/device")"; }

# Until a virtio disk is there, whose driver no guest has loaded yet.
virtio_drive() {
  modprobe virtio_pci
  modprobe virtio_blk
  drive "${1:-/dev/vda}"
}

# Its PCI address.
virtio_bdf() { basename "$(readlink -f "/sys/block/${1:-vda}/device/..")"; }

# The N-th serial port of a card: how many the machine has of its own, and so its number, is the kernel's affair.
card_ttys() { for t in /sys/class/tty/ttyS*; do case $(readlink -f "$t") in */pci*) echo "/dev/${t##*/}" ;; esac; done | sort -V; }
card_tty() { card_ttys | sed -n "${1:-1}p"; }

# What the kernel takes a port for; 4 is a 16550A.
tty_type() { cat "/sys/class/tty/${1#/dev/}/type"; }

# The image has no module database, and lspci says so each time.
lspci() { command lspci "$@" 2>&1 | grep -v 'libkmod resources'; }

# No complaint of the kernel about the drive: time-outs, resets, I/O errors.
no_kernel_complaint() {
  if dmesg | grep -iE 'I/O error|I/O Cmd.*(Error|timeout)|nvme.*(timeout|controller is down|Abort|removing|failed)|Buffer I/O|EXT4-fs error|nobody cared|BUG:|WARNING:'; then
    fail "the kernel complains about the drive"
  fi
}

# fill FILE MIB SEED: bytes that everybody can make again, every 64 of them different (a third of a second a MiB).
fill() {
  awk -v lines=$(($2 * 16384)) -v seed="$(echo "farslot $3" | sha512sum | cut -c 1-56)" 'BEGIN { for (i = 0; i < lines; i++) printf "%s%08d", seed, i }' >"$1"
}

# verify_on SIZE SECONDS: from here on the first SIZE of the drive is written and read at random, all of it verified, in runs of SECONDS,
# until `verified`. `verifying` is for in between: it still runs, and has found nothing wrong.
verify_on() {
  (
    while [ ! -e /tmp/enough ]; do
      fio --name=v --filename=/dev/nvme0n1 --direct=1 --ioengine=libaio --rw=randrw --bsrange=4k-64k --blockalign=4k --iodepth=16 --size="$1" \
        --verify=crc32c --verify_fatal=1 --verify_backlog=128 --loops=100 --time_based --runtime="$2" --minimal >>/tmp/fio.out 2>&1 ||
        { echo "fio: status $?" >>/tmp/fio.out; exit 1; }
    done
  ) &
  fio=$!
  sleep 1
  kill -0 "$fio" || { cat /tmp/fio.out; fail "fio did not start"; }
}
verifying() { kill -0 "$fio" || { cat /tmp/fio.out; fail "fio found an error"; }; }
verified() {
  verifying
  touch /tmp/enough
  wait "$fio" || { cat /tmp/fio.out; fail "fio found an error"; }
  awk -F';' '$1 == 3 { r += $6; w += $47 } END { printf "  ok  fio: %d KiB read, %d KiB written, %d runs\n", r, w, NR }' /tmp/fio.out
}

# used_thrice DEVICE BDF-COMMAND: with the host's `plug_thrice`: each time a drive comes that was not there, keeps what this round and those
# before have written, and goes. BDF-COMMAND says where it is.
used_thrice() {
  [ ! -e "$1" ] || fail "$1 is there before it was plugged"
  for round in 1 2 3; do
    mark "empty $round"
    drive "$1"
    bdf=$($2)
    [ "$round" != 1 ] || lspci -vv -s "$bdf" | grep -E 'MSI' || true
    fill /tmp/a 1 "$round"
    ok "written, round $round" dd if=/tmp/a of="$1" bs=64k seek=$((round * 16)) oflag=direct
    for seen in $(seq 1 $round); do
      fill /tmp/b 1 "$seen"
      ok "read what round $seen wrote" sh -c "dd if=$1 bs=64k skip=$((seen * 16)) count=16 iflag=direct 2>/dev/null | cmp - /tmp/b"
    done
    mark "used $round"
    wait_for 30 "the drive to go" [ ! -e "/sys/bus/pci/devices/$bdf" ]
    [ ! -e "$1" ] || fail "unplugged, and $1 is still there"
  done
}
