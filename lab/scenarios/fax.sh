# two guests, two initiators, a modem each: a page sent by efax in one is received by efax in the other, and a data call carries a file
# compatibility
needs_farslot
extra efax
several_guests
LINE_A=$(free_port)
LINE_B=$(free_port)
# A page that took less than a second would make efax divide by nothing.
appliance_config <<YAML
  - name: line-a
    card: uart16550
    ports:
      - modem: {number: "100", fax-speed: 4, listen: "127.0.0.1:$LINE_A", directory: [{number: "200", at: "127.0.0.1:$LINE_B"}]}
  - name: line-b
    card: uart16550
    ports:
      - modem: {number: "200", fax-speed: 4, listen: "127.0.0.1:$LINE_B", directory: [{number: "100", at: "127.0.0.1:$LINE_A"}]}
YAML
initiator_config initiator run server-a <<<'  - name: line-a'
initiator_config initiator2 run2 server-b <<<'  - name: line-b'
start appliance
start initiator
start initiator2

# What both guests know: their port, the page (its last row white: efix drops the last row of what efax has kept), the file.
cat >"$WORK/both.sh" <<'BOTH'
has_port() { [ -n "$(card_tty)" ]; }
modem() {
  wait_for 20 "the port" has_port
  port=$(card_tty)
  ok "the modem is at $port" [ -c "$port" ]
}
page() { # 120 rows of 1728 pixels
  fill /tmp/noise 1 page
  { head -c $((119 * 216)) /tmp/noise; head -c 216 /dev/zero; } >/tmp/rows
}
# T.30 gives the other side three seconds to answer, which a guest on a busy machine may miss: then people send the page again.
faxed() {
  for try in 1 2 3 4 5 6; do
    rm -f /tmp/got.*
    ! "$@" || return 0
    echo "try $try has failed"
    sleep 2
  done
  return 1
}
file() { fill /tmp/noise 1 call; head -c 65536 /tmp/noise >/tmp/file; }
talk() { # a terminal: what the modem says goes to /tmp/heard
  stty -F "$port" 115200 raw -echo crtscts -hupcl clocal
  exec 3<>"$port"
  cat <&3 >/tmp/heard &
  reader=$!
}
heard() { wait_for "$1" "the modem to say '$2'" sh -c "tr '\r' '\n' </tmp/heard | grep -q '^$2'"; }
said_ok_more_than() { [ "$(grep -c OK /tmp/heard)" -gt "$1" ]; }
# The guard time begins when the last byte has gone, and nobody says when that is: an escape that came too soon was data.
escape() {
  for try in 1 2 3 4 5 6 7 8; do
    oks=$(grep -c OK /tmp/heard)
    sleep 2
    printf '+++' >&3
    sleep 2
    ! said_ok_more_than "$oks" || { oks=$((oks + 1)); return; }
  done
  fail "the modem has not heard the escape"
}
say_at() { printf 'AT%s\r' "$1" >&3; }
BOTH

guest_named b --cpus 1 --time-limit 600 --function "$WORK/run2/line-b.sock" <<GUEST
$(<"$WORK/both.sh")
$(cat <<'REST'
modem
page
mark "here"
ok "efax has received a page" faxed efax -v ewin -d "$port" -x /tmp/LCK -o1 -l 200 -iZ -i'&FE&D2&K3S7=120' -kZ -w -iS0=1 -r /tmp/got
efix -o pbm /tmp/got.001 >/tmp/got.pbm 2>/dev/null
# Behind the head of the file, and twenty rows that the sender puts above.
head -c $(((20 + 120) * 216 + 13)) /tmp/got.pbm | tail -c $((120 * 216)) >/tmp/got
ok "the page is the one that was sent, bit for bit" cmp /tmp/rows /tmp/got
file
talk
say_at '&FE0S0=1'
heard 5 OK
mark "waits for a call"
heard 60 RING
heard 30 CONNECT
mark "connected"
heard 90 'NO CARRIER'
tr -d '\r\n' </tmp/heard | sed 's/^.*CONNECT 115200//' | head -c 65536 >/tmp/got
ok "64 KiB have come over a data call" cmp /tmp/file /tmp/got
no_kernel_complaint
REST
)
GUEST
of b await here 120
guest_named a --cpus 1 --time-limit 600 --function "$WORK/run/line-a.sock" <<GUEST
$(<"$WORK/both.sh")
$(cat <<'REST'
modem
page
{ printf 'P4\n1728 120\n'; cat /tmp/rows; } >/tmp/page.pbm
efix -i pbm -o fax /tmp/page.pbm >/tmp/page.fax
ok "efax has sent a page" faxed efax -v ewin -d "$port" -x /tmp/LCK -o1 -l 100 -h ' ' -iZ -i'&FE&D2&K3S7=120' -kZ -t T200 /tmp/page.fax
mark "sent"
listen
file
talk
say_at '&FE0'
heard 5 OK
say_at DT200
heard 60 CONNECT
cat /tmp/file >&3
escape
say_at H
wait_for 20 "the modem to hang up" said_ok_more_than "$oks"
ok "64 KiB sent, escaped, hung up"
no_kernel_complaint
REST
)
GUEST
of a await sent 400
of b await "waits for a call" 120
of a tell dial
of b guest_end
of a guest_end
still_serving appliance initiator initiator2
