# a program that speaks NetTLP is a device: it reads and writes a guest's memory, is its BAR4, and interrupts it
# compatibility
needs_farslot

# program ARGUMENTS...: one run of it.
program() { "${BESIDE[@]}" "$JAVA_HOME/bin/java" -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -cp "$WORK" NetTlpProgram "$ADAPTER" "$PROGRAM" "$@"; }

# counted WORD: whether the card has counted such a thing.
counted() { "$REPO/farslot" status --from "$WORK/$KEEPER.yaml" | grep -q "$1=" || fail "farslot status does not show $1"; }

# A RAM of which the guest's kernel knows nothing: from 448 MiB on.
one_round() {
  guest_start --append mem=448M --append iomem=relaxed --modules igbvf <<'GUEST'
dev=$(grep -l 0x3776 /sys/bus/pci/devices/*/vendor); dev=${dev%/vendor}
[ "$(cat "$dev/device")" = 0x8022 ] || fail "this is no adapter: $(cat "$dev/device")"
bar4=$(awk 'NR == 5 { print $1 }' "$dev/resource")
ram=$((448 << 20))
setpci -s "${dev##*/}" COMMAND=2:7
devmem $ram 64 0x1122334455667788
mark not a master
listen
setpci -s "${dev##*/}" COMMAND=6:7
mark a master
listen
[ "$(devmem $((ram + 0x1003)) 8)" = 0x66 ] || fail "the program's bytes are not there"
[ "$(devmem $((ram + 0x1008)) 64)" = 0x74746C702D6F6B21 ] || fail "found $(devmem $((ram + 0x1008)) 64)"
echo "  ok  what the program has written is in memory"
[ "$(devmem $((bar4 + 16)) 32)" = 0xFFFFFFFF ] || fail "BAR4 answers without a program"
echo "  ok  BAR4 reads as all-ones while there is no program"
mark no program
listen
devmem $((bar4 + 0x10)) 32 0xCAFE0123
devmem $((bar4 + 0xF8)) 64 0x0102030405060708
[ "$(devmem $((bar4 + 0x10)) 32)" = 0xCAFE0123 ] || fail "BAR4 does not keep 4 bytes"
[ "$(devmem $((bar4 + 0x12)) 16)" = 0xCAFE ] || fail "BAR4 does not read 2 bytes"
[ "$(devmem $((bar4 + 0x11)) 8)" = 0x01 ] || fail "BAR4 does not read 1 byte"
[ "$(devmem $((bar4 + 0xF8)) 64)" = 0x0102030405060708 ] || fail "BAR4 does not keep 8 bytes"
echo "  ok  BAR4 is the program's memory"
# No driver of the kernel's own is for this card. This one, told that it is, takes MSI-X vectors before it looks closer.
echo 3776 8022 >/sys/bus/pci/drivers/igbvf/new_id
wait_for 20 "the driver" [ -d "$dev/net" ]
net=$(ls "$dev/net")
ip link set "$net" up
interrupts() { awk -v n="$net" 'index($NF, n) == 1 { sum += $2 + $3 } END { print sum + 0 }' /proc/interrupts; }
before=$(interrupts)
mark armed
listen
after=$(interrupts)
[ "$after" -gt "$before" ] || { cat /proc/interrupts; fail "no interrupt: $before, then $after"; }
echo "  ok  the program has interrupted the guest"
GUEST
  await "not a master"
  same "a card that may not be master reads nothing" "status 1" "$(program read $((448 << 20)) 8)"
  tell go
  await "a master"
  same "what the guest wrote" 8877665544332211 "$(program read $((448 << 20)) 8)"
  same "memory that the guest does not have" "status 1" "$(program read 0x7000000000 8)"
  program write $(((448 << 20) + 0x1003)) 6661727300216b6f2d706c7474
  same "what the program wrote" 6661727300216b6f2d706c7474 "$(program read $(((448 << 20) + 0x1003)) 13)"
  tell go
  await "no program"
  setpriv --pdeathsig KILL "${BESIDE[@]}" "$JAVA_HOME/bin/java" -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -cp "$WORK" NetTlpProgram "$ADAPTER" "$PROGRAM" memory >"$WORK/memory.log" &
  local memory=$!
  SPAWNED+=("$memory")
  wait_until 90 "the program to begin" file_has "$WORK/memory.log" "memory at" || fail "the program did not begin"
  tell go
  await armed
  kill "$memory"
  wait "$memory" 2>/dev/null || true
  program signal 1
  program noise "$RANDOM" 3000
  same "still well after noise" 8877665544332211 "$(program read $((448 << 20)) 8)"
  tell go
  guest_end
  counted "bad_[a-z]*_[a-z]*"
  counted program_writes
  counted server_reads
}

needs_jdk
"$JAVA_HOME/bin/javac" -d "$WORK" "$LAB/lib/NetTlpProgram.java"
BESIDE=()
SOCKET=$WORK/run/soft0.sock

note "  beside the initiator, without an appliance"
KEEPER=initiator
ADAPTER=127.78.$((RANDOM % 256)).2 PROGRAM=${ADAPTER%.2}.1
cat >"$WORK/initiator.yaml" <<YAML
name: server-a
run-dir: $WORK/run
functions:
  - {name: soft0, card: nettlp, local: $ADAPTER, remote: $PROGRAM, bar4: 1MiB}
YAML
start initiator
one_round
still_serving initiator
stop initiator

note "  in an appliance, the program on another host"
KEEPER=appliance
two_hosts
ADAPTER=10.78.0.1 PROGRAM=10.78.0.2
BESIDE=(nsenter --net="/proc/${HOST[initiator]}/ns/net")
appliance_config <<YAML
  - {name: soft0, card: nettlp, local: $ADAPTER, remote: $PROGRAM, bar4: 1MiB}
YAML
initiator_config initiator run <<<'  - name: soft0'
start appliance
start initiator
one_round
still_serving appliance initiator
