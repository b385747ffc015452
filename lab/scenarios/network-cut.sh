# fio --verify while TCP is reset, then the cable is out for 2 s: no error in the guest; hosts in two network namespaces
needs_farslot
two_hosts
one_drive 256MiB
start appliance
start initiator
busy_guest
for round in 1 2 3; do
  cut_connections
  sleep 0.7
done
ok "TCP connection reset, three times"
net_unplug 0
sleep 2
net_plug 0
ok "cable out for 2 s"
sleep 1
net_unplug 0
cut_connections
sleep 2
net_plug 0
ok "cable out for 2 s and the connection reset"
sleep 1
calm_again
