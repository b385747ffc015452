# PCIeoE's specification is enough: a peer in Python that was written from it alone, against an appliance and an initiator; no guests
needs_farslot
needs_python
two_hosts 2
PORT=$(free_port)
LISTEN="['$APPLIANCE_HOST:$PORT', 'eth:rail0', 'eth:rail1']"
appliance_config <<YAML
  - {name: scratch0, card: scratch, sram: 64KiB}
  - name: disk0
    card: nvme
    serial: FS0001
    namespaces:
      - {file: $WORK/disk.img, size: 64MiB, block-size: 512}
YAML
start appliance
# The initiator that is looked at dials the peer, on its own host.
DIAL=127.0.0.1:7580
initiator_config initiator run <<<'  - name: little0'
launch initiator
net_on initiator env PYTHONDONTWRITEBYTECODE=1 "$REPO/dev/interop/interop" --tcp "$APPLIANCE_HOST:$PORT" --ethernet rail0 --ethernet rail1 \
  --scratch scratch0 --nvme disk0 --listen 7580 --socket "$WORK/run/little0.sock" >"$WORK/interop.txt" 2>&1 ||
  { cat "$WORK/interop.txt"; fail "$(tail -n 1 "$WORK/interop.txt")"; }
grep '^PCIEOE-' "$WORK/interop.txt" | sed 's/^/  /' >&2
ok "$(tail -n 1 "$WORK/interop.txt")"
still_serving appliance initiator
