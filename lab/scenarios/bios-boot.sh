# the guest boots from the drive by SeaBIOS's own drivers: NVMe, then virtio
# compatibility
# No assembler is on a bare machine: these are the bytes, beside the instructions that they are. The boot sector (loaded
# by the firmware to 0000:7c00) reads sector 2048 of the drive by the firmware's disk service and prints what it finds there
# on the first serial port, so what arrives in the log came from the drive twice. Then it switches the machine off.
boot_sector() {
  local code=(
    31 c0          # 00 xor ax,ax
    8e d8          # 02 mov ds,ax
    8e d0          # 04 mov ss,ax
    bc 00 7c       # 06 mov sp,0x7c00
    be 38 7c       # 09 mov si,0x7c38    disk address packet, below
    b4 42          # 0c mov ah,0x42      extended read; DL is the drive we came from
    cd 13          # 0e int 0x13
    72 1f          # 10 jc 0x31
    be 00 7e       # 12 mov si,0x7e00
    fc             # 15 cld
    # next:
    ba fd 03       # 16 mov dx,0x3fd     line status
    ec             # 19 in al,dx
    a8 20          # 1a test al,0x20     room for a byte?
    74 fb          # 1c jz 0x19
    ac             # 1e lodsb
    84 c0          # 1f test al,al
    74 06          # 21 jz 0x29
    ba f8 03       # 23 mov dx,0x3f8
    ee             # 26 out dx,al
    eb ed          # 27 jmp 0x16
    # done: ACPI S5 on q35, PM1a control is at 0x604
    ba 04 06       # 29 mov dx,0x604
    b8 00 20       # 2c mov ax,0x2000
    ef             # 2f out dx,ax
    f4             # 30 hlt
    # failed:
    ba f8 03       # 31 mov dx,0x3f8
    b0 21          # 34 mov al,'!'
    ee             # 36 out dx,al
    f4             # 37 hlt
    # disk address packet
    10 00          # 38 size, reserved
    01 00          # 3a one sector
    00 7e 00 00    # 3c to 0000:7e00
    00 08 00 00 00 00 00 00 # 40 from sector 2048
  )
  local sector
  printf -v sector '\\x%s' "${code[@]}"
  printf '%b' "$sector"
}
# boots KIND CARD: from the disk of that kind, whose image is there already when the appliance starts.
boots() {
  local word="read-over-$1-$RANDOM$RANDOM"
  rm -f "$DISK"
  truncate -s 64M "$DISK"
  boot_sector | dd of="$DISK" conv=notrunc status=none
  printf '\x55\xaa' | dd of="$DISK" bs=1 seek=510 conv=notrunc status=none
  printf '@@%s\r\n\0' "$word" | dd of="$DISK" bs=512 seek=2048 conv=notrunc status=none
  start appliance
  start initiator
  # The serial port is there to be written to, no firmware console; the drive is the only thing to boot from.
  KERNEL=none guest --time-limit 60 -- -boot menu=off </dev/null
  file_has "$GUEST_LOG" "@@$word" || fail "the boot sector did not print what lies in sector 2048: '$(tr -cd '[:print:]' <"$GUEST_LOG" | tail -c 80)'"
  seen "$2" "SeaBIOS's own"
  ok "$1: the boot sector ran and read '$word' from sector 2048"
  still_serving appliance initiator
}
one_drive 64MiB
boots nvme nvme
if ! reference; then
  stop initiator
  stop appliance
  virtio_disk 64MiB
  boots virtio virtio-blk
fi
