# credentials: TLS over TCP and AES-GCM over Ethernet between two hosts, fio --verify while rails die and certificates are renewed; nobody without any gets in
needs_farslot
needs_jdk
two_hosts 2
rails tcp eth
APPLIANCE_PKI=$WORK/pki/appliance INITIATOR_PKI=$WORK/pki/server-a
class_path=$(printf '%s:' "$REPO"/apps/cli/target/modules/*.jar)
mkfifo "$WORK/renew"
"$JAVA_HOME/bin/java" -XX:TieredStopAtLevel=1 -cp "$class_path" "$LAB/lib/Credentials.java" \
  "$WORK/pki" appliance/appliance initiator/server-a again <>"$WORK/renew" >"$WORK/renew.log" 2>&1 8>&- &
renewer=$!
SPAWNED+=("$renewer")
wait_until 30 "credentials to be made" file_has "$WORK/renew.log" '^made'
one_drive 256MiB
start appliance
start initiator
rails_json() { "$REPO/farslot" status --from "$WORK/initiator.yaml" -o json; }
proved() { [[ $(rails_json | grep -o '"proved_peer" *: *"appliance"' | wc -l) == 2 ]]; }
wait_until 20 "both rails to be up and proved" proved
rails_json | grep -q 'TLS_AES_256_GCM_SHA384' || fail "the TCP rail is not protected"
rails_json | grep -q '"AES-256-GCM"' || fail "the Ethernet rail is not protected"
ok "both rails are protected, and lead to who they should"

# Somebody without credentials, in the same name.
sed "/^pki:/d; s#run-dir:.*#run-dir: $WORK/run2#" "$WORK/initiator.yaml" >"$WORK/initiator2.yaml"
launch initiator2
wait_until 20 "the stranger to be turned away" file_has "$WORK/initiator2.log" 'with credentials only'
stop initiator2
ok "who has no credentials is told so"

"$REPO/farslot" capture --from "$WORK/initiator.yaml" --seconds 5 -w "$WORK/capture.pcapng" >"$WORK/capture.log" 2>&1 8>&- &
capture=$!
busy_guest
for rail in 0 1; do
  net_cut $rail
  sleep 1
  net_mend $rail
  sleep 1
  net_unplug $rail
  sleep 0.3
  net_plug $rail
  sleep 1
done
ok "each rail was cut and unplugged"
echo >"$WORK/renew"
wait_until 20 "certificates to be renewed" file_has "$WORK/renew.log" '^renewed'
wait_until 30 "rails to be replaced" file_has "$WORK/initiator.log" 'there are new credentials'
wait_until 30 "both rails to be up and proved again" proved
ok "certificates were renewed while it ran"
wait "$capture" || true
calm_again
# The capture is taken above the protection: the frames in it are in clear.
grep -qa 'PE' "$WORK/capture.pcapng" || fail "the capture shows no frames"
ok "a capture shows frames in clear"
