# PCIeoE's specification is enough: a peer in Python that was written from it alone, against appliances and an initiator; no guests
needs_farslot
needs_python
two_hosts 2
cards() {
  appliance_config <<YAML
  - {name: scratch0, card: scratch, sram: 64KiB}
  - name: disk0
    card: nvme
    serial: FS0001
    namespaces:
      - {file: $WORK/$1.img, size: 64MiB, block-size: 512}
YAML
}

# One in clear, one for protected rails only; and an initiator, which dials the peer on its own host.
PORT=$(free_port)
LISTEN="['$APPLIANCE_HOST:$PORT', 'eth:rail0', 'eth:rail1']" CLEAR=$APPLIANCE_HOST:$PORT
cards disk
start appliance
needs_jdk
"$JAVA_HOME/bin/java" -XX:TieredStopAtLevel=1 -cp "$(printf '%s:' "$REPO"/apps/cli/target/modules/*.jar)" "$LAB/lib/Credentials.java" \
  "$WORK/pki" appliance/appliance initiator/server-a >"$WORK/pki.log" 2>&1 || { cat "$WORK/pki.log"; fail "no credentials"; }
PORT=$(free_port) LISTEN='' APPLIANCE_PKI=$WORK/pki/appliance
PROTECTED=$APPLIANCE_HOST:$PORT
cards disk2
sed "s#^state-dir:.*#state-dir: $WORK/state2#" "$WORK/appliance.yaml" >"$WORK/appliance2.yaml"
start appliance2
DIAL=127.0.0.1:7580
initiator_config initiator run <<<'  - name: little0'
launch initiator

# The peer's own appliance has to pass, too: who judges others.
export PYTHONDONTWRITEBYTECODE=1
"$REPO/dev/interop/interop" --self >"$WORK/self.txt" 2>&1 8>&- &
self=$!
SPAWNED+=("$self")
net_on initiator "$REPO/dev/interop/interop" --tcp "$CLEAR" --ethernet rail0 --ethernet rail1 \
  --tls "$PROTECTED" --pki "$WORK/pki/server-a" --wrong-pki "$WORK/pki/appliance" --scratch scratch0 --nvme disk0 \
  --listen 7580 --socket "$WORK/run/little0.sock" >"$WORK/interop.txt" 2>&1 ||
  { cat "$WORK/interop.txt"; fail "$(tail -n 1 "$WORK/interop.txt")"; }
grep '^PCIEOE-' "$WORK/interop.txt" | sed 's/^/  /' >&2
ok "$(tail -n 1 "$WORK/interop.txt")"
wait "$self" || { cat "$WORK/self.txt"; fail "the peer's own appliance: $(tail -n 1 "$WORK/self.txt")"; }
ok "the peer's own appliance: $(tail -n 1 "$WORK/self.txt")"
still_serving appliance appliance2 initiator
