# zmodem over a guest's serial port: 1 MiB from the guest, and a part of it back, with equal checksums
# compatibility
needs_farslot
extra lrzsz
SOCKET=$WORK/run/serial0.sock
appliance_config <<YAML
  - name: serial0
    card: uart16550
    model: hpe
    ports: [{pty: $WORK/line}]
YAML
initiator_config initiator run <<<'  - name: serial0'
start appliance
start initiator
guest_start --time-limit 240 <<'GUEST'
port=$(card_tty)
[ "$(tty_type "$port")" = 4 ] || fail "there is no port of a 16550A"
fill /tmp/sent 1 zmodem
stty -F "$port" raw -echo clocal 115200
mark ready
listen
ok "sz" sh -c "sz -b -q /tmp/sent <>$port >&0"
echo "sent: $(sha256sum </tmp/sent)"
mark sent
listen
cd /tmp
ok "rz" sh -c "rz -b -q <>$port >&0"
echo "back: $(sha256sum </tmp/part)"
exec 7<>"$port" # its interrupt is listed while it is open
grep "PCI-MSI.*${port#/dev/}" /proc/interrupts || { cat /proc/interrupts; fail "the port does not interrupt by MSI"; }
n=${port#/dev/ttyS}
# Linux 7 has no such list any more.
! grep -qs "^$n:.*[of]e:" /proc/tty/driver/serial || fail "characters were lost: $(grep "^$n:" /proc/tty/driver/serial)"
no_kernel_complaint
GUEST
await ready
mkdir "$WORK/there"
cd "$WORK/there"
tell go
began=$SECONDS
rz -b -q <>"$WORK/line" >&0 || fail "the file from the guest was not received"
ok "1 MiB in $((SECONDS - began)) s"
await sent
same "1 MiB from the guest" "$(sha256sum <sent)" "$(said 's/^sent: //p')"
head -c 16384 sent >part
tell go
began=$SECONDS
sz -b -q part <>"$WORK/line" >&0 || fail "the file for the guest was not sent"
ok "16 KiB in $((SECONDS - began)) s"
guest_end
same "16 KiB to the guest" "$(sha256sum <part)" "$(said 's/^back: //p')"
still_serving appliance initiator
