# Cables between two hosts: network namespaces joined by veth pairs, whose rate, loss and death are in our hand.
# Nothing here has a name: a namespace lives as long as the process that holds it, its cables as long as the
# namespace, and that process dies with whoever started it. So nothing is left over, whatever is killed.
# shellcheck shell=bash

declare -A HOST=()   # host -> process that holds its namespace
declare -A LOSS=()   # host.rail -> share of arriving frames that is lost
HOSTS=(appliance initiator)
RAIL_MTU=1500
SWITCHED=no

# net_lay [CABLES [MTU [switch]]]: host `appliance` (10.78.N.1) and host `initiator` (10.78.N.2), joined by cables rail0, rail1, ...
# With `switch` each cable leads through a switch (a bridge in a third namespace): rates and queues are the switch's then, so that a sender
# does not feel them in its own port, and a plug that is pulled is seen by one end only.
net_lay() {
  local host n
  RAIL_MTU=${2:-1500}
  [[ ${3:-} != switch ]] || SWITCHED=yes HOSTS+=(switch)
  for host in "${HOSTS[@]}"; do
    # shellcheck disable=SC2016  # for the inner shell
    setpriv --pdeathsig KILL unshare --net sh -c '
      # What most hosts use; where the machine does not let namespaces choose it, the older one that it resembles.
      for control in cubic reno; do
        { echo $control >/proc/sys/net/ipv4/tcp_congestion_control; } 2>/dev/null && break
      done
      echo 1 >/proc/sys/net/ipv6/conf/all/disable_ipv6
      echo 1 >/proc/sys/net/ipv6/conf/default/disable_ipv6
      ip link set lo up
      exec sleep infinity' </dev/null >/dev/null 2>&1 &
    HOST[$host]=$!
  done
  for host in "${HOSTS[@]}"; do wait_until 5 "host $host" net_entered "$host"; done
  for ((n = 0; n < ${1:-1}; n++)); do net_add "$n"; done
}

# A namespace of its own, and past the shell that sets it up.
net_entered() {
  [[ $(readlink "/proc/${HOST[$1]}/ns/net") != "$(readlink /proc/self/ns/net)" && $(<"/proc/${HOST[$1]}/comm") == sleep ]]
}

net_add() {
  if [[ $SWITCHED == yes ]]; then
    net_veth appliance "rail$1" switch "to-a$1"
    net_veth initiator "rail$1" switch "to-i$1"
    net_on switch ip link add "sw$1" type bridge forward_delay 0 mcast_snooping 0
    net_on switch ip link set "to-a$1" master "sw$1"
    net_on switch ip link set "to-i$1" master "sw$1"
    net_on switch ip link set "sw$1" up
  else
    net_veth appliance "rail$1" initiator "rail$1"
  fi
  local host last=0
  for host in appliance initiator; do
    last=$((last + 1))
    net_on "$host" ip address add "10.78.$1.$last/24" dev "rail$1"
    net_on "$host" tc qdisc add dev "rail$1" clsact
  done
}

# net_veth HOST DEVICE HOST DEVICE
net_veth() {
  ip link add "$2" mtu "$RAIL_MTU" netns "${HOST[$1]}" type veth peer name "$4" mtu "$RAIL_MTU" netns "${HOST[$3]}"
  # Frames as a wire would see them: no packets of 64 KiB that a network card would cut.
  net_on "$1" ip link set "$2" gso_max_segs 1 gso_max_size $((RAIL_MTU + 14)) up
  net_on "$3" ip link set "$4" gso_max_segs 1 gso_max_size $((RAIL_MTU + 14)) up
}

# net_on HOST COMMAND...: in that host's network namespace.
net_on() { nsenter --net="/proc/${HOST[$1]}/ns/net" "${@:2}"; }

# net_shape RAIL MBIT [QUEUE_MS]: both directions of a cable, with a queue before it that holds so much time; MBIT 0 is unlimited.
net_shape() {
  local end burst limit
  # A twentieth of a millisecond at once, but at least two frames: short bursts, and no frame that never gets through.
  burst=$(($2 * 1000000 / 8 / 20000))
  ((burst > 2 * (RAIL_MTU + 18))) || burst=$((2 * (RAIL_MTU + 18)))
  limit=$(($2 * 1000 / 8 * ${3:-5}))
  ((limit > 10 * (RAIL_MTU + 18))) || limit=$((10 * (RAIL_MTU + 18)))
  local ends=("appliance rail$1" "initiator rail$1")
  [[ $SWITCHED == no ]] || ends=("switch to-a$1" "switch to-i$1")
  for end in "${ends[@]}"; do
    if (($2 == 0)); then
      net_on "${end% *}" tc qdisc del dev "${end#* }" root 2>/dev/null || true
    else
      net_on "${end% *}" tc qdisc replace dev "${end#* }" root handle 1: tbf rate "$2mbit" burst "$burst" limit $((limit + burst))
    fi
  done
}

# net_lose RAIL PER_MILLION: that many of a million frames are lost at random, in both directions; 1000000 is a cable cut that nobody
# sees. By a classic BPF program behind the receiving port: this kernel or that may lack netem, all have this.
# Rails in a VLAN are not hit: their sockets take all EtherTypes, and Linux shows those a packet before it comes to this.
#   ld rand; jge #threshold, keep, drop; keep: ret TC_ACT_UNSPEC; drop: ret TC_ACT_SHOT      (SKF_AD_OFF + SKF_AD_RANDOM = 4294963256)
net_lose() {
  local host program
  case $2 in
    0) program='' ;;
    1000000) program='1,6 0 0 2' ;;
    *) program="4,32 0 0 4294963256,53 0 1 $(($2 * 4294967296 / 1000000)),6 0 0 4294967295,6 0 0 2" ;;
  esac
  for host in appliance initiator; do
    if [[ -z $program ]]; then
      net_on "$host" tc filter del dev "rail$1" ingress 2>/dev/null || true
    else
      net_on "$host" tc filter replace dev "rail$1" ingress pref 1 handle 1 bpf da bytecode "$program"
    fi
  done
  LOSS[$1]=$2
}

# Pulling a plug is seen at both ends; net_cut is not seen at all.
net_unplug() { net_on appliance ip link set "rail$1" down; }
net_plug() { net_on appliance ip link set "rail$1" up; }
net_cut() { net_lose "$1" 1000000; }
net_mend() { net_lose "$1" 0; }

# net_sent HOST RAIL: bytes that went out by a cable, Ethernet headers included, check sequence and preamble not.
net_sent() { net_on "$1" cat "/proc/net/dev" | awk -v dev="rail$2:" '$1 == dev { print $10 }'; }

net_end() {
  local host
  for host in "${!HOST[@]}"; do kill -KILL "${HOST[$host]}" 2>/dev/null; wait "${HOST[$host]}" 2>/dev/null; done
  HOST=() HOSTS=(appliance initiator) SWITCHED=no
  return 0
}
