# fio --verify while no rail of three gets anything through for 5 s, without anybody being told, then while all are unplugged
needs_farslot
two_hosts 3
rails tcp eth tcp
one_drive 256MiB
start appliance
start initiator
busy_guest
for rail in 0 1 2; do net_cut $rail; done
sleep 5
for rail in 0 1 2; do net_mend $rail; done
ok "5 s of silence"
sleep 2
for rail in 0 1 2; do net_unplug $rail; done
sleep 5
for rail in 0 1 2; do net_plug $rail; done
ok "5 s with all cables out"
sleep 2
calm_again
