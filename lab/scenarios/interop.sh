# PCIeoE's specification is enough: a peer in Python that was written from it alone, against the appliance and the initiator; no guests
needs_farslot
command -v python3 >/dev/null || skip "no python3: apt-get install python3"
two_hosts 1
appliance_config <<YAML
  - {name: scratch0, card: scratch, sram: 64KiB}
  - name: disk0
    card: nvme
    serial: FS0001
    namespaces:
      - {file: $WORK/disk.img, size: 64MiB, block-size: 512}
YAML
start appliance
net_on initiator env PYTHONDONTWRITEBYTECODE=1 "$REPO/dev/interop/interop" --tcp "$APPLIANCE_HOST:$PORT" --scratch scratch0 --nvme disk0 \
  >"$WORK/interop.txt" 2>&1 || { cat "$WORK/interop.txt"; fail "$(tail -n 1 "$WORK/interop.txt")"; }
ok "$(tail -n 1 "$WORK/interop.txt")"
still_serving appliance
