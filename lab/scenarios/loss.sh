# fio --verify over two Ethernet rails that lose 1 % of their frames at random, in both directions
needs_farslot
two_hosts 2
rails eth eth
one_drive 256MiB
start appliance
start initiator
net_lose 0 10000
net_lose 1 10000
busy_guest
sleep 10
ok "one frame in a hundred was lost"
calm_again
