-- Wireshark dissector for PCIeoE, PCI Express over Ethernet (docs/spec/pcieoe.md), and the TLPs in it.
--
-- Reads what `farslot capture` writes (LINKTYPE_USER0), TCP port 7580 and, by heuristics, any other TCP port, and
-- EtherType 88B5h, with and without VLAN tags. Start with:  wireshark -X lua_script:docs/wireshark/pcieoe.lua FILE
-- or copy this file into the folder of personal Lua plugins (Help, About Wireshark, Folders).
--
-- The tables below say what the reference implementation's constants say; its tests compare them.

local LAYOUT = {
  MAGIC = 0x5045,
  HEADER_BYTES = 40,
  PREAMBLE_BYTES = 8,
  RECORD_HEADER_BYTES = 8,
  CREDIT_ENTRY_BYTES = 12,
  FRAME_BYTES_MAX = 65532,
  FLAG_CRC = 0x0001,
  FLAG_ECHO = 0x0002,
  FLAG_NAK = 0x0004,
  FLAG_REPLAY = 0x0008,
  FLAG_PING = 0x0010,
  RECORD_MORE = 0x01,
  RECORD_STEADY = 0x02,
  PUSH_HEADER_BYTES = 12,
  EVENT_HEADER_BYTES = 12,
  EVENT_HARMLESS = 0x01,
  TIME_SHIFT = 4,
}

local FRAME_TYPES = {
  [1] = "HELLO",
  [2] = "WELCOME",
  [3] = "REFUSE",
  [4] = "DATA",
  [5] = "ACK",
  [6] = "BYE",
  [7] = "DISCOVER",
  [8] = "OFFER",
}

-- Bits of the capabilities.
local CAPABILITIES = {
  CAPABILITY_SACK = 0x1,
  CAPABILITY_RAILS = 0x2,
  CAPABILITY_PUSH = 0x4,
  CAPABILITY_EVENT = 0x8,
}

local RECORD_KINDS = {
  [0x01] = "TLP",
  [0x02] = "CREDIT",
  [0x03] = "HOT_RESET",
  [0x04] = "PUSH",
  [0x05] = "EVENT",
  [0x06] = "REVOKE",
  [0x10] = "ATTACH",
  [0x11] = "ATTACHED",
  [0x12] = "REFUSED",
  [0x13] = "DETACH",
  [0x14] = "DETACHED",
}

local REFUSE_CODES = {
  [0] = "OTHER",
  [1] = "VERSION",
  [2] = "MALFORMED",
  [3] = "UNKNOWN_SESSION",
  [4] = "BAD_TOKEN",
  [5] = "BUSY",
  [6] = "FRAME_SIZE",
  [7] = "SEQUENCE",
  [8] = "NOT_ALLOWED",
  [9] = "SHUTTING_DOWN",
  [10] = "REPLACED",
}

local ATTACH_REFUSALS = {
  [0] = "OTHER",
  [1] = "NO_SUCH_FUNCTION",
  [2] = "HELD",
  [3] = "STALE_EPOCH",
  [4] = "NO_RESOURCES",
  [5] = "NOT_ALLOWED",
  [6] = "NOT_READY",
}

local FLOW_CLASSES = {
  [0] = "POSTED",
  [1] = "NON_POSTED",
  [2] = "COMPLETION",
}

local STATUSES = {
  [0] = "SC",
  [1] = "UR",
  [2] = "RRS",
  [4] = "CA",
}

-- Byte 0 of a TLP's header: Fmt and Type.
local TLP_TYPES = {
  [0x00] = "MRd",
  [0x20] = "MRd",
  [0x01] = "MRdLk",
  [0x21] = "MRdLk",
  [0x40] = "MWr",
  [0x60] = "MWr",
  [0x02] = "IORd",
  [0x42] = "IOWr",
  [0x04] = "CfgRd0",
  [0x44] = "CfgWr0",
  [0x05] = "CfgRd1",
  [0x45] = "CfgWr1",
  [0x30] = "Msg",
  [0x31] = "Msg",
  [0x32] = "Msg",
  [0x33] = "Msg",
  [0x34] = "Msg",
  [0x35] = "Msg",
  [0x36] = "Msg",
  [0x37] = "Msg",
  [0x70] = "MsgD",
  [0x71] = "MsgD",
  [0x72] = "MsgD",
  [0x73] = "MsgD",
  [0x74] = "MsgD",
  [0x75] = "MsgD",
  [0x76] = "MsgD",
  [0x77] = "MsgD",
  [0x0A] = "Cpl",
  [0x4A] = "CplD",
  [0x0B] = "CplLk",
  [0x4B] = "CplDLk",
  [0x4C] = "FetchAdd",
  [0x6C] = "FetchAdd",
  [0x4D] = "Swap",
  [0x6D] = "Swap",
  [0x4E] = "CAS",
  [0x6E] = "CAS",
}

local MESSAGE_CODES = {
  [0x00] = "Unlock",
  [0x01] = "Invalidate_Request",
  [0x02] = "Invalidate_Completion",
  [0x04] = "Page_Request",
  [0x05] = "PRG_Response",
  [0x10] = "LTR",
  [0x12] = "OBFF",
  [0x14] = "PM_Active_State_Nak",
  [0x18] = "PM_PME",
  [0x19] = "PME_Turn_Off",
  [0x1B] = "PME_TO_Ack",
  [0x20] = "Assert_INTA",
  [0x21] = "Assert_INTB",
  [0x22] = "Assert_INTC",
  [0x23] = "Assert_INTD",
  [0x24] = "Deassert_INTA",
  [0x25] = "Deassert_INTB",
  [0x26] = "Deassert_INTC",
  [0x27] = "Deassert_INTD",
  [0x30] = "ERR_COR",
  [0x31] = "ERR_NONFATAL",
  [0x33] = "ERR_FATAL",
  [0x40] = "Attention_Indicator_Off",
  [0x41] = "Attention_Indicator_On",
  [0x43] = "Attention_Indicator_Blink",
  [0x44] = "Power_Indicator_Off",
  [0x45] = "Power_Indicator_On",
  [0x47] = "Power_Indicator_Blink",
  [0x48] = "Attention_Button_Pressed",
  [0x50] = "Set_Slot_Power_Limit",
  [0x52] = "PTM_Request",
  [0x53] = "PTM_Response",
  [0x7E] = "Vendor_Defined_Type_0",
  [0x7F] = "Vendor_Defined_Type_1",
}

local MESSAGE_ROUTINGS = {
  [0] = "to root complex",
  [1] = "by address",
  [2] = "by ID",
  [3] = "broadcast",
  [4] = "local",
  [5] = "gathered",
}

local TCP_PORT = 7580
local ETHERTYPE = 0x88B5
local RAIL_HEADER_BYTES = 4
local RANGE_BYTES = 8
local RANGES_MAX = 64
local INFO_RANGES_MAX = 3 -- said in the Info column
local INFO_TLPS_MAX = 4 -- described in the Info column; the others are counted

-- Fields ------------------------------------------------------------------------------------------------------------

local pcieoe = Proto("pcieoe", "PCI Express over Ethernet")
local tlp = Proto("tlp", "PCI Express Transaction Layer Packet")

local f = {
  magic = ProtoField.uint16("pcieoe.magic", "Magic", base.HEX),
  major = ProtoField.uint8("pcieoe.version.major", "Major version", base.DEC, nil, 0xF0),
  minor = ProtoField.uint8("pcieoe.version.minor", "Minor version", base.DEC, nil, 0x0F),
  type = ProtoField.uint8("pcieoe.type", "Type", base.DEC, FRAME_TYPES),
  flags = ProtoField.uint16("pcieoe.flags", "Flags", base.HEX),
  crc_flag = ProtoField.bool("pcieoe.flags.crc", "CRC is there", 16, nil, LAYOUT.FLAG_CRC),
  echo_flag = ProtoField.bool("pcieoe.flags.echo", "Echo is there", 16, nil, LAYOUT.FLAG_ECHO),
  nak = ProtoField.bool("pcieoe.flags.nak", "NAK: frames from ack on are missing", 16, nil, LAYOUT.FLAG_NAK),
  replay = ProtoField.bool("pcieoe.flags.replay", "Replay: was sent before", 16, nil, LAYOUT.FLAG_REPLAY),
  ping = ProtoField.bool("pcieoe.flags.ping", "Ping: wants an answer at once", 16, nil, LAYOUT.FLAG_PING),
  length = ProtoField.uint16("pcieoe.length", "Length", base.DEC),
  session = ProtoField.uint32("pcieoe.session", "Session", base.HEX),
  seq = ProtoField.uint32("pcieoe.seq", "Sequence number", base.DEC),
  ack = ProtoField.uint32("pcieoe.ack", "Expects next", base.DEC),
  sack = ProtoField.uint32("pcieoe.sack", "Has behind a gap", base.HEX),
  range = ProtoField.none("pcieoe.sack.range", "Range of frames that are there"),
  range_first = ProtoField.uint32("pcieoe.sack.first", "First", base.DEC),
  range_end = ProtoField.uint32("pcieoe.sack.end", "Behind the last", base.DEC),
  tx_time = ProtoField.uint32("pcieoe.tx_time", "Sent at (16 ns)", base.DEC),
  echo_time = ProtoField.uint32("pcieoe.echo_time", "Echoes (16 ns)", base.DEC),
  echo_delay = ProtoField.uint32("pcieoe.echo_delay", "Echo held back for (16 ns)", base.DEC),
  crc = ProtoField.uint32("pcieoe.crc", "CRC-32C", base.HEX),
  rail = ProtoField.uint8("pcieoe.rail", "Rail", base.DEC),
  dst_port = ProtoField.uint16("pcieoe.dst_port", "Destination port", base.DEC),
  src_port = ProtoField.uint16("pcieoe.src_port", "Source port", base.DEC),
  other_rail = ProtoField.bool("pcieoe.other_rail", "Was on another rail the first time"),
  original = ProtoField.framenum("pcieoe.first_seen_in", "The same frame was first seen in", base.NONE),

  record = ProtoField.none("pcieoe.record", "Record"),
  stream = ProtoField.uint16("pcieoe.stream", "Stream", base.DEC),
  kind = ProtoField.uint8("pcieoe.kind", "Kind", base.HEX, RECORD_KINDS),
  record_flags = ProtoField.uint8("pcieoe.record.flags", "Record flags", base.HEX),
  more = ProtoField.bool("pcieoe.more", "More: the TLP or PUSH goes on", 8, nil, LAYOUT.RECORD_MORE),
  body_length = ProtoField.uint16("pcieoe.record.length", "Body length", base.DEC),
  epoch_tag = ProtoField.uint16("pcieoe.epoch_tag", "Epoch tag", base.DEC),
  fragment = ProtoField.bytes("pcieoe.fragment", "Fragment of a TLP or PUSH"),
  body = ProtoField.bytes("pcieoe.body", "Body"),
  func = ProtoField.string("pcieoe.function", "Function"),

  capabilities = ProtoField.uint32("pcieoe.capabilities", "Capabilities", base.HEX),
  can_sack = ProtoField.bool("pcieoe.capabilities.sack", "SACK", 32, nil, CAPABILITIES.CAPABILITY_SACK),
  can_push = ProtoField.bool("pcieoe.capabilities.push", "PUSH", 32, nil, CAPABILITIES.CAPABILITY_PUSH),
  can_event = ProtoField.bool("pcieoe.capabilities.event", "EVENT", 32, nil, CAPABILITIES.CAPABILITY_EVENT),
  can_rails = ProtoField.bool("pcieoe.capabilities.rails", "RAILS", 32, nil, CAPABILITIES.CAPABILITY_RAILS),
  reorder_frames = ProtoField.uint16("pcieoe.reorder_frames", "Frames kept out of order", base.DEC),
  frame_bytes_max = ProtoField.uint16("pcieoe.frame_bytes_max", "Longest frame", base.DEC),
  payload_bytes_max = ProtoField.uint16("pcieoe.payload_bytes_max", "Max_Payload_Size", base.DEC),
  read_bytes_max = ProtoField.uint16("pcieoe.read_request_bytes_max", "Max_Read_Request_Size", base.DEC),
  replay_bytes = ProtoField.uint32("pcieoe.replay_bytes", "Replay buffer", base.DEC),
  hold_ms = ProtoField.uint32("pcieoe.hold_ms", "Hold time (ms)", base.DEC),
  silence_ms = ProtoField.uint32("pcieoe.silence_ms", "Silence time (ms)", base.DEC),
  instance = ProtoField.uint64("pcieoe.instance", "Instance id", base.HEX),
  token = ProtoField.bytes("pcieoe.token", "Token"),
  node = ProtoField.string("pcieoe.node", "Node name"),
  nonce = ProtoField.uint64("pcieoe.nonce", "Nonce", base.HEX),
  function_count = ProtoField.uint16("pcieoe.function_count", "Functions offered", base.DEC),
  code = ProtoField.uint16("pcieoe.code", "Code", base.DEC, REFUSE_CODES),
  text = ProtoField.string("pcieoe.text", "Text"),
  request_id = ProtoField.uint16("pcieoe.request_id", "Request id", base.DEC),
  server = ProtoField.string("pcieoe.server", "Server"),
  holder = ProtoField.string("pcieoe.holder", "Holder"),
  epoch = ProtoField.uint64("pcieoe.epoch", "Epoch", base.DEC),
  refusal = ProtoField.uint16("pcieoe.refusal", "Refusal", base.DEC, ATTACH_REFUSALS),
  flow_class = ProtoField.uint8("pcieoe.credit.class", "Class", base.DEC, FLOW_CLASSES),
  credit_headers = ProtoField.uint32("pcieoe.credit.headers", "Header credits", base.DEC),
  credit_data = ProtoField.uint32("pcieoe.credit.data", "Data credits", base.DEC),
  push_address = ProtoField.uint64("pcieoe.push.address", "Address in the server's memory", base.HEX),
  push_heard = ProtoField.uint32("pcieoe.push.heard", "Heard of the card by then", base.DEC),
  push_steady = ProtoField.bool("pcieoe.push.steady", "Steady: the card's until it gives it back", 8, nil, LAYOUT.RECORD_STEADY),
  push_bytes = ProtoField.uint16("pcieoe.push.bytes", "Bytes", base.DEC),
  push_data = ProtoField.bytes("pcieoe.push.data", "Memory"),
  event_bar = ProtoField.uint8("pcieoe.event.bar", "BAR", base.DEC),
  event_harmless = ProtoField.bool("pcieoe.event.harmless", "Harmless: writes here change nothing that is told", 8, nil, LAYOUT.EVENT_HARMLESS),
  event_changes = ProtoField.uint32("pcieoe.event.changes", "After so many changes", base.DEC),
  event_offset = ProtoField.uint32("pcieoe.event.offset", "Offset", base.HEX),
  event_size = ProtoField.uint32("pcieoe.event.size", "Size", base.HEX),
  event_data = ProtoField.bytes("pcieoe.event.data", "Values"),
  vendor = ProtoField.uint16("pcieoe.vendor", "Vendor ID", base.HEX),
  device = ProtoField.uint16("pcieoe.device", "Device ID", base.HEX),
  subsystem_vendor = ProtoField.uint16("pcieoe.subsystem_vendor", "Subsystem Vendor ID", base.HEX),
  subsystem = ProtoField.uint16("pcieoe.subsystem", "Subsystem ID", base.HEX),
  class_code = ProtoField.uint24("pcieoe.class", "Class code", base.HEX),
  revision = ProtoField.uint8("pcieoe.revision", "Revision ID", base.HEX),
  serial = ProtoField.uint64("pcieoe.serial", "Serial number", base.HEX),
}

local t = {
  type = ProtoField.string("tlp.type", "Type"),
  fmt_type = ProtoField.uint8("tlp.fmt_type", "Fmt and Type", base.HEX, TLP_TYPES),
  prefix = ProtoField.uint32("tlp.prefix", "Prefix", base.HEX),
  tc = ProtoField.uint8("tlp.tc", "Traffic Class", base.DEC, nil, 0x70),
  attr = ProtoField.uint8("tlp.attr", "Attributes (IDO, RO, NS)", base.HEX),
  th = ProtoField.bool("tlp.th", "Processing hints", 8, nil, 0x01),
  td = ProtoField.bool("tlp.td", "Digest follows", 8, nil, 0x80),
  ep = ProtoField.bool("tlp.ep", "Poisoned", 8, nil, 0x40),
  at = ProtoField.uint8("tlp.at", "Address type", base.DEC, nil, 0x0C),
  length = ProtoField.uint16("tlp.length", "Length (DW)", base.DEC),
  requester = ProtoField.uint16("tlp.requester", "Requester ID", base.HEX),
  completer = ProtoField.uint16("tlp.completer", "Completer ID", base.HEX),
  tag = ProtoField.uint16("tlp.tag", "Tag", base.HEX),
  first_be = ProtoField.uint8("tlp.first_be", "First DW byte enables", base.HEX, nil, 0x0F),
  last_be = ProtoField.uint8("tlp.last_be", "Last DW byte enables", base.HEX, nil, 0xF0),
  address = ProtoField.uint64("tlp.address", "Address", base.HEX),
  target = ProtoField.uint16("tlp.target", "Target ID", base.HEX),
  register = ProtoField.uint16("tlp.register", "Register", base.HEX),
  message = ProtoField.uint8("tlp.message", "Message code", base.HEX, MESSAGE_CODES),
  routing = ProtoField.uint8("tlp.routing", "Routing", base.DEC, MESSAGE_ROUTINGS, 0x07),
  status = ProtoField.uint8("tlp.status", "Status", base.DEC, STATUSES, 0xE0),
  byte_count = ProtoField.uint16("tlp.byte_count", "Byte count", base.DEC),
  lower_address = ProtoField.uint8("tlp.lower_address", "Lower address", base.HEX, nil, 0x7F),
  data = ProtoField.bytes("tlp.data", "Data"),
  digest = ProtoField.uint32("tlp.digest", "Digest", base.HEX),
  completion_in = ProtoField.framenum("tlp.completion_in", "Completion in", base.NONE, frametype.RESPONSE),
  request_in = ProtoField.framenum("tlp.request_in", "Request in", base.NONE, frametype.REQUEST),
  time = ProtoField.relative_time("tlp.time", "Time since the request"),
}

local e = {
  malformed = ProtoExpert.new("pcieoe.malformed", "Malformed", expert.group.MALFORMED, expert.severity.ERROR),
  replayed = ProtoExpert.new("pcieoe.replayed", "Replayed frame", expert.group.SEQUENCE, expert.severity.NOTE),
  early = ProtoExpert.new("pcieoe.early", "Came before an earlier frame", expert.group.SEQUENCE, expert.severity.CHAT),
  nak = ProtoExpert.new("pcieoe.nak", "Frames are missing", expert.group.SEQUENCE, expert.severity.WARN),
}
local te = {
  malformed = ProtoExpert.new("tlp.malformed", "Malformed TLP", expert.group.MALFORMED, expert.severity.ERROR),
  failed = ProtoExpert.new("tlp.failed", "Unsuccessful completion", expert.group.RESPONSE_CODE, expert.severity.NOTE),
}

local function values(map)
  local list = {}
  for _, value in pairs(map) do
    list[#list + 1] = value
  end
  return list
end

pcieoe.fields = values(f)
pcieoe.experts = values(e)
tlp.fields = values(t)
tlp.experts = values(te)

-- What is remembered from frame to frame, found on the first pass ----------------------------------------------------

local state

local function forget()
  state = {
    role = {}, -- sender's address and port: who that is
    rail = {}, -- session, sender and interface: the rail's number
    highest = {}, -- direction and session: the highest seq so far
    early = {}, -- frame by its place: a later one came before it
    seen = {}, -- direction, session and seq: the frame in which it was first, and over which rail
    original = {}, -- frame by its place: where the same one was first
    tail = {}, -- direction, session and seq: the TLP that goes on behind this frame, so far
    head = {}, -- the same: the fragment that a frame begins with, when the frame before it comes late
    whole = {}, -- record by its place: the TLP put together there
    pending = {}, -- transaction: its request
    request = {}, -- completion by its place: its request
    completion = {}, -- request by its place: the frame of its first completion
    asked = {}, -- session and request id: the function's name
    name = {}, -- session and stream: the function's name
  }
end

forget()
pcieoe.init = forget

local function bdf(id)
  return string.format("%02x:%02x.%x", bit.rshift(id, 8), bit.band(bit.rshift(id, 3), 31), bit.band(id, 7))
end

local function padded(bytes)
  return bit.band(bytes + 3, bit.bnot(3))
end

local interface_of = Field.new("frame.interface_id")

-- The sender's end of a rail: on Ethernet the ports of the rail header tell ends apart that share an address.
local function sender(pinfo, ports)
  return tostring(pinfo.src) .. " " .. (ports and ports.src or pinfo.src_port)
end

-- Which end of the session sent this: packet flags in our own captures; elsewhere who said HELLO or WELCOME from there,
-- so that it is one direction whatever the rail; and when that is not in the capture the sender's address.
local function direction(pinfo, kind, ports)
  local sent_or_received = pinfo.p2p_dir
  if sent_or_received == P2P_DIR_SENT or sent_or_received == P2P_DIR_RECV then
    return tostring(sent_or_received)
  end
  local from = sender(pinfo, ports)
  if not pinfo.visited and (kind == "HELLO" or kind == "WELCOME") then
    state.role[from] = kind == "HELLO" and "initiator" or "appliance"
  end
  return state.role[from] or from
end

-- A rail as one capture sees it: its interface in our own, the two ends elsewhere.
local function rail_key(pinfo, ports)
  if pinfo.p2p_dir == P2P_DIR_SENT or pinfo.p2p_dir == P2P_DIR_RECV then
    local interface = interface_of()
    return "interface " .. tostring(interface and interface.value or 0)
  end
  local here, there = sender(pinfo, ports), tostring(pinfo.dst) .. " " .. (ports and ports.dst or pinfo.dst_port)
  return here < there and here .. " " .. there or there .. " " .. here
end

-- TLPs --------------------------------------------------------------------------------------------------------------

local function is_completion(fmt_type)
  return bit.band(fmt_type, 0xBE) == 0x0A
end

local function is_config(fmt_type)
  return bit.band(fmt_type, 0xBE) == 0x04
end

local function is_message(fmt_type)
  return bit.band(fmt_type, 0xB8) == 0x30
end

local function is_posted(fmt_type)
  return bit.band(fmt_type, 0xDF) == 0x40 or is_message(fmt_type)
end

-- Remembers on the first pass what belongs together, by the place of each TLP.
local function match(header, place, pinfo, again)
  if pinfo.visited or again then
    return
  end
  local transaction = string.format("%s %d %d", header.stream_key, header.requester, header.tag)
  if is_completion(header.fmt_type) then
    local asked = state.pending[transaction]
    if asked then
      state.request[place] = asked
      state.completion[asked.place] = state.completion[asked.place] or pinfo.number
      if header.last then
        state.pending[transaction] = nil
      end
    end
  elseif not is_posted(header.fmt_type) then
    state.pending[transaction] = { frame = pinfo.number, time = pinfo.rel_ts, place = place }
  end
end

local function since(asked, pinfo)
  local ns = math.floor((pinfo.rel_ts - asked.time) * 1e9 + 0.5)
  return NSTime.new(math.floor(ns / 1e9), ns % 1e9), ns
end

local function add_matches(tree, place, pinfo)
  local completion = state.completion[place]
  if completion then
    tree:add(t.completion_in, completion):set_generated()
  end
  local asked = state.request[place]
  if asked then
    local time, ns = since(asked, pinfo)
    tree:add(t.request_in, asked.frame):set_generated()
    tree:add(t.time, time):set_generated()
    return string.format(" (%.1f us)", ns / 1000)
  end
  return ""
end

local function add_id(tree, field, range)
  tree:add(field, range):append_text(" (" .. bdf(range:uint()) .. ")")
end

local function add_completion(tree, tvb, at, header)
  add_id(tree, t.completer, tvb(at + 4, 2))
  local status = tree:add(t.status, tvb(at + 6, 1))
  local code = bit.rshift(tvb(at + 6, 1):uint(), 5)
  if code ~= 0 then
    status:add_proto_expert_info(te.failed)
  end
  local count = bit.band(tvb(at + 6, 2):uint(), 0xFFF)
  count = count == 0 and 4096 or count
  tree:add(t.byte_count, tvb(at + 6, 2), count)
  add_id(tree, t.requester, tvb(at + 8, 2))
  header.requester = tvb(at + 8, 2):uint()
  header.tag = header.tag_high + tvb(at + 10, 1):uint()
  tree:add(t.tag, tvb(at + 10, 1), header.tag)
  tree:add(t.lower_address, tvb(at + 11, 1))
  local lead = bit.band(tvb(at + 11, 1):uint(), 3)
  header.last = header.data == 0 or code ~= 0 or header.data - lead >= count
  local words = string.format("%s %s tag %x", header.name, bdf(header.requester), header.tag)
  if header.data > 0 then
    words = words .. string.format(" %d B", math.min(header.data - lead, count))
  end
  if code ~= 0 then
    words = words .. " " .. (STATUSES[code] or "status " .. code)
  end
  return words
end

local function add_message(tree, tvb, at, header)
  local code = tvb(at + 7, 1):uint()
  tree:add(t.routing, tvb(at, 1))
  tree:add(t.message, tvb(at + 7, 1))
  if bit.band(header.fmt_type, 7) == 2 then
    add_id(tree, t.target, tvb(at + 8, 2))
  end
  return header.name .. " " .. (MESSAGE_CODES[code] or string.format("code %02x", code))
end

local function add_config(tree, tvb, at, header)
  add_id(tree, t.target, tvb(at + 8, 2))
  local register = bit.band(tvb(at + 10, 2):uint(), 0xFFC)
  tree:add(t.register, tvb(at + 10, 2), register)
  return string.format("%s %s reg %03x tag %x", header.name, bdf(tvb(at + 8, 2):uint()), register, header.tag)
end

local function add_addressed(tree, tvb, at, header)
  local wide = header.bytes == 16
  local range = tvb(at + 8, wide and 8 or 4)
  local address = wide and range:uint64() or UInt64.new(range:uint(), 0)
  address = address:band(UInt64.new(0xFFFFFFFC, 0xFFFFFFFF))
  tree:add(t.address, range, address)
  local words = string.format("%s 0x%s %d B", header.name, address:tohex():gsub("^0+(%x)", "%1"), header.dws * 4)
  return is_posted(header.fmt_type) and words or words .. string.format(" tag %x", header.tag)
end

local function add_request(tree, tvb, at, header)
  add_id(tree, t.requester, tvb(at + 4, 2))
  header.requester = tvb(at + 4, 2):uint()
  header.tag = header.tag_high + tvb(at + 6, 1):uint()
  tree:add(t.tag, tvb(at + 6, 1), header.tag)
  if is_message(header.fmt_type) then
    return add_message(tree, tvb, at, header)
  end
  tree:add(t.last_be, tvb(at + 7, 1))
  tree:add(t.first_be, tvb(at + 7, 1))
  if is_config(header.fmt_type) then
    return add_config(tree, tvb, at, header)
  end
  return add_addressed(tree, tvb, at, header)
end

-- The header's first DW.
local function add_first(tree, tvb, at, header)
  tree:add(t.type, tvb(at, 1), header.name)
  tree:add(t.fmt_type, tvb(at, 1))
  tree:add(t.tc, tvb(at + 1, 1))
  local second, third = tvb(at + 1, 1):uint(), tvb(at + 2, 1):uint()
  tree:add(t.attr, tvb(at + 1, 2), bit.band(second, 4) + bit.band(bit.rshift(third, 4), 3))
  tree:add(t.th, tvb(at + 1, 1))
  tree:add(t.td, tvb(at + 2, 1))
  tree:add(t.ep, tvb(at + 2, 1))
  tree:add(t.at, tvb(at + 2, 1))
  tree:add(t.length, tvb(at + 2, 2), header.dws)
end

-- Shows one TLP and says it in a few words.
local function add_tlp(tvb, tree, pinfo, stream_key, place, again)
  local branch = tree:add(tlp, tvb(), "Transaction Layer Packet")
  local at = 0
  while at + 16 <= tvb:len() and bit.band(tvb(at, 1):uint(), 0xE0) == 0x80 do
    branch:add(t.prefix, tvb(at, 4))
    at = at + 4
  end
  local fmt_type = tvb(at, 1):uint()
  local name = TLP_TYPES[fmt_type]
  local bytes = bit.band(fmt_type, 0x20) ~= 0 and 16 or 12
  if not name or tvb:len() < at + bytes then
    branch:add_proto_expert_info(te.malformed)
    return "malformed TLP"
  end
  local dws = bit.band(tvb(at + 2, 2):uint(), 0x3FF)
  dws = dws == 0 and 1024 or dws
  local second = tvb(at + 1, 1):uint()
  local header = {
    fmt_type = fmt_type,
    name = name,
    bytes = bytes,
    dws = dws,
    data = bit.band(fmt_type, 0x40) ~= 0 and dws * 4 or 0,
    tag_high = bit.lshift(bit.band(second, 0x80), 2) + bit.lshift(bit.band(second, 0x08), 5),
    stream_key = stream_key,
  }
  add_first(branch, tvb, at, header)
  local words
  if is_completion(fmt_type) then
    words = add_completion(branch, tvb, at, header)
  else
    words = add_request(branch, tvb, at, header)
  end
  local digest = bit.band(tvb(at + 2, 1):uint(), 0x80) ~= 0 and 4 or 0
  if at + bytes + header.data + digest ~= tvb:len() then
    branch:add_proto_expert_info(te.malformed, "The length is not that of what is here")
    return words .. " (malformed)"
  end
  if header.data > 0 then
    branch:add(t.data, tvb(at + bytes, header.data))
  end
  if digest > 0 then
    branch:add(t.digest, tvb(at + bytes + header.data, 4))
  end
  match(header, place, pinfo, again)
  words = words .. add_matches(branch, place, pinfo)
  branch:set_text("TLP: " .. words)
  return words
end

-- Records -----------------------------------------------------------------------------------------------------------

local function add_credits(tree, tvb, at)
  for class = 0, 2 do
    local branch = tree:add(tvb(at + 8 * class, 8), "Credits granted: " .. FLOW_CLASSES[class])
    branch:add(f.credit_headers, tvb(at + 8 * class, 4))
    branch:add(f.credit_data, tvb(at + 8 * class + 4, 4))
  end
end

local function add_text(tree, tvb, length_at, text_at)
  local bytes = math.min(tvb(length_at, 2):uint(), tvb:len() - text_at)
  tree:add(f.text, tvb(text_at, bytes))
  return ' "' .. tvb(text_at, bytes):string() .. '"'
end

local show = {}

show.CREDIT = function(tree, tvb, frame)
  for at = 0, tvb:len() - LAYOUT.CREDIT_ENTRY_BYTES, LAYOUT.CREDIT_ENTRY_BYTES do
    tree:add(f.flow_class, tvb(at, 1))
    tree:add(f.credit_headers, tvb(at + 4, 4))
    tree:add(f.credit_data, tvb(at + 8, 4))
  end
  return ""
end

show.ATTACH = function(tree, tvb, frame)
  local name, server = tvb(2, 1):uint(), tvb(3, 1):uint()
  tree:add(f.request_id, tvb(0, 2))
  tree:add(f.epoch, tvb(8, 8))
  add_credits(tree, tvb, 16)
  tree:add(f.func, tvb(40, name))
  tree:add(f.server, tvb(40 + name, server))
  if not frame.visited then
    state.asked[frame.session .. " " .. tvb(0, 2):uint()] = tvb(40, name):string()
  end
  return " " .. tvb(40, name):string()
end

show.ATTACHED = function(tree, tvb, frame)
  tree:add(f.request_id, tvb(0, 2))
  tree:add(f.epoch, tvb(8, 8))
  add_credits(tree, tvb, 16)
  tree:add(f.vendor, tvb(40, 2))
  tree:add(f.device, tvb(42, 2))
  tree:add(f.subsystem_vendor, tvb(44, 2))
  tree:add(f.subsystem, tvb(46, 2))
  tree:add(f.class_code, tvb(48, 3))
  tree:add(f.revision, tvb(51, 1))
  tree:add(f.serial, tvb(56, 8))
  local name = state.asked[frame.session .. " " .. tvb(0, 2):uint()]
  if name and not frame.visited then
    state.name[frame.stream_key] = name
  end
  return string.format(" stream %d, %04x:%04x", frame.stream, tvb(40, 2):uint(), tvb(42, 2):uint())
end

show.REFUSED = function(tree, tvb, frame)
  tree:add(f.request_id, tvb(0, 2))
  tree:add(f.refusal, tvb(2, 2))
  local holder = tvb(4, 1):uint()
  if holder > 0 then
    tree:add(f.holder, tvb(8, holder))
  end
  return " " .. (ATTACH_REFUSALS[tvb(2, 2):uint()] or "?") .. add_text(tree, tvb, 6, 8 + holder)
end

show.DETACH = function(tree, tvb, frame)
  return add_text(tree, tvb, 0, 4)
end

show.DETACHED = show.DETACH

show.EVENT = function(tree, tvb, frame)
  local harmless = bit.band(tvb(1, 1):uint(), LAYOUT.EVENT_HARMLESS) ~= 0
  local where = string.format(" BAR %d+%x", tvb(0, 1):uint(), tvb(8, 4):uint())
  tree:add(f.event_bar, tvb(0, 1))
  tree:add(f.event_harmless, tvb(1, 1))
  tree:add(f.event_changes, tvb(4, 4))
  tree:add(f.event_offset, tvb(8, 4))
  if harmless then
    tree:add(f.event_size, tvb(LAYOUT.EVENT_HEADER_BYTES, 4))
    return string.format("%s %d B harmless", where, tvb(LAYOUT.EVENT_HEADER_BYTES, 4):uint())
  end
  tree:add(f.event_data, tvb(LAYOUT.EVENT_HEADER_BYTES))
  return string.format("%s %d B", where, tvb:len() - LAYOUT.EVENT_HEADER_BYTES)
end

-- Memory that was sent along, whole.
local function add_push(tree, tvb, flags)
  tree:add(f.push_steady, flags)
  local bytes = tvb:len() - LAYOUT.PUSH_HEADER_BYTES
  if bytes < 1 then
    tree:add_proto_expert_info(e.malformed, "PUSH is too short")
    return "PUSH (malformed)"
  end
  tree:add(f.push_address, tvb(0, 8))
  tree:add(f.push_heard, tvb(8, 4))
  tree:add(f.push_bytes, bytes):set_generated()
  tree:add(f.push_data, tvb(LAYOUT.PUSH_HEADER_BYTES, bytes))
  local steady = bit.band(flags:uint(), LAYOUT.RECORD_STEADY) ~= 0
  local address = tvb(0, 8):uint64():tohex():gsub("^0+(%x)", "%1")
  return string.format("PUSH 0x%s %d B%s", address, bytes, steady and " steady" or "")
end

-- A fragment has come in its place; the TLP that it belongs to may go on in the next frame, which may be here already.
local function continue(key, seq, part, place, more)
  if not more then
    state.whole[place] = part.bytes
    return
  end
  state.tail[key .. " " .. seq] = part
  local next = state.head[key .. " " .. (seq + 1) % 0x100000000]
  if next and next.stream == part.stream then
    part.bytes:append(next.bytes)
    continue(key, (seq + 1) % 0x100000000, part, next.place, next.more)
  end
end

-- Puts fragments together, in the order of the session's sequence whatever the order of the capture; returns the whole
-- TLP as a tvb when this record completes one.
local function gather(tvb, frame, more, place, first)
  if not frame.visited and not frame.again then
    local key = frame.direction .. " " .. frame.session
    local part = frame.part
    if first and not part then
      part = state.tail[key .. " " .. (frame.seq - 1) % 0x100000000]
      if not part then
        state.head[key .. " " .. frame.seq] =
          { stream = frame.gathers, bytes = tvb:bytes(), place = place, more = more and frame.only }
      end
    end
    if part and part.stream == frame.gathers then
      part.bytes:append(tvb:bytes())
    elseif more then
      part = { stream = frame.gathers, bytes = tvb:bytes() }
    else
      part = nil
    end
    frame.part = more and part or nil
    if part and (not more or frame.last) then
      continue(key, frame.seq, part, place, more)
    end
  end
  local whole = state.whole[place]
  return whole and ByteArray.tvb(whole, "TLP put together")
end

-- Shows one TLP or PUSH record; few words for a fragment that completes nothing.
local function add_whole(branch, tvb, pinfo, frame, name, flags, place, first)
  local more = bit.band(flags:uint(), LAYOUT.RECORD_MORE) ~= 0
  frame.gathers = frame.stream .. " " .. name
  local whole = gather(tvb, frame, more, place, first)
  if whole or more then
    branch:add(f.fragment, tvb())
  end
  if more then
    return "fragment"
  end
  whole = whole or tvb:range():tvb()
  if name == "PUSH" then
    return add_push(branch, whole, flags)
  end
  return add_tlp(whole, branch, pinfo, frame.stream_key, place, frame.again)
end

local function add_record(tvb, tree, pinfo, at, frame)
  local length = tvb(at + 4, 2):uint()
  local body_at = at + LAYOUT.RECORD_HEADER_BYTES
  local kind = tvb(at + 2, 1):uint()
  local name = RECORD_KINDS[kind] or string.format("kind %02x", kind)
  local branch = tree:add(f.record, tvb(at, LAYOUT.RECORD_HEADER_BYTES + padded(length)))
  branch:set_text("Record: " .. name)
  frame.stream = tvb(at, 2):uint()
  frame.stream_key = frame.session .. " " .. frame.stream
  branch:add(f.stream, tvb(at, 2))
  branch:add(f.kind, tvb(at + 2, 1))
  local flags = branch:add(f.record_flags, tvb(at + 3, 1))
  flags:add(f.more, tvb(at + 3, 1))
  branch:add(f.body_length, tvb(at + 4, 2))
  branch:add(f.epoch_tag, tvb(at + 6, 2))
  local known = state.name[frame.stream_key]
  if known then
    branch:add(f.func, known):set_generated()
  end
  local first = at == LAYOUT.HEADER_BYTES
  frame.last = body_at + padded(length) == tvb:len()
  frame.only = first and frame.last
  local gathers = name == "TLP" or name == "PUSH"
  if not gathers then
    frame.part = nil
  end
  if length == 0 then
    return name
  end
  local body = tvb(body_at, length):tvb()
  if gathers then
    return add_whole(branch, body, pinfo, frame, name, tvb(at + 3, 1), frame.place .. " " .. at, first)
  end
  local shown = show[name]
  if not shown then
    branch:add(f.body, body())
    return name
  end
  -- A body that is shorter than its kind's must not end the whole frame.
  local good, words = pcall(shown, branch, body, frame)
  if not good then
    branch:add_proto_expert_info(e.malformed, name .. " is too short")
    words = " (malformed)"
  end
  return name .. words
end

local function add_records(tvb, tree, pinfo, frame)
  local words, more = {}, 0
  local at = LAYOUT.HEADER_BYTES
  while at < tvb:len() do
    local left = tvb:len() - at
    if left < LAYOUT.RECORD_HEADER_BYTES
      or LAYOUT.RECORD_HEADER_BYTES + padded(tvb(at + 4, 2):uint()) > left then
      tree:add_proto_expert_info(e.malformed, "A record goes beyond its frame")
      words[#words + 1] = "malformed record"
      break
    end
    local said = add_record(tvb, tree, pinfo, at, frame)
    if #words < INFO_TLPS_MAX then
      words[#words + 1] = said
    else
      more = more + 1
    end
    at = at + LAYOUT.RECORD_HEADER_BYTES + padded(tvb(at + 4, 2):uint())
  end
  if more > 0 then
    words[#words + 1] = "and " .. more .. " more"
  end
  return table.concat(words, ", ")
end

-- Frames ------------------------------------------------------------------------------------------------------------

local function add_hello(tree, tvb, frame)
  local capabilities = tree:add(f.capabilities, tvb(0, 4))
  capabilities:add(f.can_sack, tvb(0, 4))
  capabilities:add(f.can_rails, tvb(0, 4))
  capabilities:add(f.can_push, tvb(0, 4))
  capabilities:add(f.can_event, tvb(0, 4))
  tree:add(f.frame_bytes_max, tvb(4, 2))
  tree:add(f.payload_bytes_max, tvb(6, 2))
  tree:add(f.read_bytes_max, tvb(8, 2))
  tree:add(f.reorder_frames, tvb(10, 2))
  tree:add(f.replay_bytes, tvb(12, 4))
  tree:add(f.hold_ms, tvb(16, 4))
  tree:add(f.silence_ms, tvb(20, 4))
  tree:add(f.instance, tvb(24, 8))
  tree:add(f.token, tvb(32, 16))
  local name = tvb(48, 1):uint()
  tree:add(f.node, tvb(52, name))
  local rails = bit.band(tvb(0, 4):uint(), CAPABILITIES.CAPABILITY_RAILS) ~= 0
  if rails then
    tree:add(f.rail, tvb(49, 1))
    if not frame.visited then
      state.rail[frame.rail_key] = tvb(49, 1):uint()
    end
  end
  return tvb(52, name):string() .. (rails and " rail " .. tvb(49, 1):uint() or "")
end

-- What an end that has agreed on SACK has behind the gap.
local function add_ack(tree, tvb)
  local words = {}
  local count = math.min(math.floor(tvb:len() / RANGE_BYTES), RANGES_MAX)
  for i = 0, count - 1 do
    local range = tvb(RANGE_BYTES * i, RANGE_BYTES)
    local first, behind = range(0, 4):uint(), range(4, 4):uint()
    local last = (behind - 1) % 0x100000000
    local branch = tree:add(f.range, range)
    branch:set_text(string.format("Has frames %d to %d", first, last))
    branch:add(f.range_first, range(0, 4))
    branch:add(f.range_end, range(4, 4))
    if i < INFO_RANGES_MAX then
      words[#words + 1] = first == last and tostring(first) or first .. "-" .. last
    end
  end
  if count > INFO_RANGES_MAX then
    words[#words + 1] = "and " .. count - INFO_RANGES_MAX .. " more"
  end
  return #words == 0 and "" or "has " .. table.concat(words, ", ")
end

local function add_discover(tree, tvb)
  tree:add(f.nonce, tvb(0, 8))
  local name = tvb(8, 1):uint()
  if name == 0 then
    return "anybody"
  end
  tree:add(f.node, tvb(12, name))
  return tvb(12, name):string()
end

local function add_offer(tree, tvb)
  tree:add(f.nonce, tvb(0, 8))
  tree:add(f.instance, tvb(8, 8))
  tree:add(f.frame_bytes_max, tvb(16, 2))
  tree:add(f.function_count, tvb(18, 2))
  local name = tvb(22, 1):uint()
  tree:add(f.node, tvb(24, name))
  local at = 24 + name
  for _ = 1, tvb(20, 2):uint() do
    local bytes = tvb(at, 1):uint()
    tree:add(f.func, tvb(at + 1, bytes))
    at = at + 1 + bytes
  end
  return string.format("%s, %d functions", tvb(24, name):string(), tvb(18, 2):uint())
end

local function add_farewell(tree, tvb)
  tree:add(f.code, tvb(0, 2))
  return (REFUSE_CODES[tvb(0, 2):uint()] or "OTHER") .. add_text(tree, tvb, 2, 4)
end

local function add_header(tvb, tree)
  tree:add(f.magic, tvb(0, 2))
  tree:add(f.major, tvb(2, 1))
  tree:add(f.minor, tvb(2, 1))
  tree:add(f.type, tvb(3, 1))
  local flags = tree:add(f.flags, tvb(4, 2))
  flags:add(f.crc_flag, tvb(4, 2))
  flags:add(f.echo_flag, tvb(4, 2))
  flags:add(f.nak, tvb(4, 2))
  flags:add(f.replay, tvb(4, 2))
  flags:add(f.ping, tvb(4, 2))
  tree:add(f.length, tvb(6, 2))
  tree:add(f.session, tvb(8, 4))
  tree:add(f.seq, tvb(12, 4))
  tree:add(f.ack, tvb(16, 4))
  tree:add(f.sack, tvb(20, 4))
  tree:add(f.tx_time, tvb(24, 4))
  tree:add(f.echo_time, tvb(28, 4))
  tree:add(f.echo_delay, tvb(32, 4))
  tree:add(f.crc, tvb(36, 4))
end

-- Notes where a DATA frame was first seen, whatever the rail; true when that was not here.
local function seen_before(frame, pinfo)
  local key = frame.direction .. " " .. frame.session
  local number = key .. " " .. frame.seq
  if not pinfo.visited then
    local first = state.seen[number]
    if first then
      state.original[frame.place] = { number = first.number, other_rail = first.rail_key ~= frame.rail_key }
    else
      state.seen[number] = { number = pinfo.number, rail_key = frame.rail_key }
      local highest = state.highest[key]
      if not highest or (frame.seq - highest) % 0x100000000 < 0x80000000 then
        state.highest[key] = frame.seq
      else
        state.early[frame.place] = true
      end
    end
  end
  return state.original[frame.place]
end

local HOW = {
  HELLO = add_hello,
  WELCOME = add_hello,
  REFUSE = add_farewell,
  BYE = add_farewell,
  ACK = add_ack,
  DISCOVER = add_discover,
  OFFER = add_offer,
}

local function add_body(tvb, tree, pinfo, frame, kind)
  if kind == "DATA" then
    return add_records(tvb, tree, pinfo, frame)
  end
  if tvb:len() == LAYOUT.HEADER_BYTES then
    return ""
  end
  local body = tvb(LAYOUT.HEADER_BYTES):tvb()
  local how = HOW[kind]
  if not how then
    tree:add(f.body, body())
    return ""
  end
  local good, words = pcall(how, tree, body, frame)
  if not good then
    tree:add_proto_expert_info(e.malformed, kind .. " is too short")
    return "(malformed)"
  end
  return words
end

-- What is known of a frame from those around it, in words and fields.
local function add_sequence(tree, frame, flags)
  local words = ""
  local first = frame.again
  if first or bit.band(flags, LAYOUT.FLAG_REPLAY) ~= 0 then
    words = words .. " [replayed]"
    tree:add_proto_expert_info(e.replayed)
  end
  if first then
    tree:add(f.original, first.number):set_generated()
    if first.other_rail then
      tree:add(f.other_rail, true):set_generated()
    end
  end
  if state.early[frame.place] then
    words = words .. " [late]"
    tree:add_proto_expert_info(e.early, "A later frame came before this one")
  end
  return words
end

-- One frame, whole.
local function add_frame(tvb, pinfo, root, ports)
  local tree = root:add(pcieoe, tvb())
  add_header(tvb, tree)
  local kind = FRAME_TYPES[tvb(3, 1):uint()] or "type " .. tvb(3, 1):uint()
  local flags = tvb(4, 2):uint()
  local seq = tvb(12, 4):uint()
  local frame = {
    session = string.format("%08x", tvb(8, 4):uint()),
    seq = seq,
    direction = direction(pinfo, kind, ports),
    rail_key = rail_key(pinfo, ports),
    place = string.format("%d %d %d", pinfo.number, tvb:offset(), seq),
    visited = pinfo.visited,
  }
  if ports then
    tree:add(f.dst_port, ports.dst_range)
    tree:add(f.src_port, ports.src_range)
  end
  local words = kind
  if kind == "DATA" then
    frame.again = seen_before(frame, pinfo)
    words = words .. " " .. seq
  end
  words = words .. add_sequence(tree, frame, flags)
  if bit.band(flags, LAYOUT.FLAG_NAK) ~= 0 then
    words = words .. " [NAK from " .. tvb(16, 4):uint() .. "]"
    tree:add_proto_expert_info(e.nak)
  end
  local body = add_body(tvb, tree, pinfo, frame, kind)
  local rail = state.rail[frame.rail_key]
  if rail and kind ~= "HELLO" and kind ~= "WELCOME" then
    tree:add(f.rail, rail):set_generated()
  end
  words = words .. (body == "" and "" or ": " .. body)
  tree:set_text("PCI Express over Ethernet, " .. words)
  if kind == "DISCOVER" or kind == "OFFER" then
    return words
  end
  return words .. ", ack " .. tvb(16, 4):uint()
end

local function looks_right(tvb)
  if tvb:len() < LAYOUT.PREAMBLE_BYTES or tvb(0, 2):uint() ~= LAYOUT.MAGIC then
    return false
  end
  local length = tvb(6, 2):uint()
  return length >= LAYOUT.HEADER_BYTES and length % 4 == 0 and length <= LAYOUT.FRAME_BYTES_MAX
end

-- A packet that is one frame; padding may follow.
local function add_packet(tvb, pinfo, root, ports)
  if not looks_right(tvb) then
    return 0
  end
  pinfo.cols.protocol = "PCIeoE"
  local length = tvb(6, 2):uint()
  if length > tvb:len() then
    pinfo.cols.info = "malformed frame: longer than its packet"
    root:add(pcieoe, tvb()):add_proto_expert_info(e.malformed, "The frame is longer than its packet")
    return tvb:len()
  end
  pinfo.cols.info = add_frame(tvb(0, length):tvb(), pinfo, root, ports)
  return tvb:len()
end

-- Our own captures.
function pcieoe.dissector(tvb, pinfo, root)
  return add_packet(tvb, pinfo, root, nil)
end

-- Ethernet: a rail header, then the frame; on protected rails a packet that carries a handshake or a sealed frame (section 10.5).
local over_ethernet = Proto("pcieoe_eth", "PCI Express over Ethernet, over Ethernet")

local SEAL = {
  MAGIC = 0x5053,
  KEYS = 1,
  SEALED = 2,
  KEYS_BYTES = 28,
  SEALED_BYTES = 16,
  TAG_BYTES = 16,
}
local SEAL_KINDS = { [SEAL.KEYS] = "KEYS", [SEAL.SEALED] = "SEALED" }
local s = {
  kind = ProtoField.uint8("pcieoe.seal.kind", "Kind", base.DEC, SEAL_KINDS),
  reply = ProtoField.bool("pcieoe.seal.reply", "Reply: from the appliance", 8, nil, 0x01),
  phase = ProtoField.uint8("pcieoe.seal.phase", "Key phase", base.DEC),
  length = ProtoField.uint16("pcieoe.seal.length", "Length", base.DEC),
  attempt = ProtoField.uint64("pcieoe.seal.attempt", "Attempt", base.HEX),
  seq = ProtoField.uint32("pcieoe.seal.seq", "Sequence number", base.DEC),
  ack = ProtoField.uint32("pcieoe.seal.ack", "Dealt with", base.DEC),
  crc = ProtoField.uint32("pcieoe.seal.crc", "CRC-32C", base.HEX),
  bytes = ProtoField.bytes("pcieoe.seal.handshake", "Handshake bytes"),
  number = ProtoField.uint64("pcieoe.seal.number", "Packet number", base.DEC),
  frame = ProtoField.bytes("pcieoe.seal.frame", "Frame, sealed"),
  tag = ProtoField.bytes("pcieoe.seal.tag", "Tag"),
}
over_ethernet.fields = { s.kind, s.reply, s.phase, s.length, s.attempt, s.seq, s.ack, s.crc, s.bytes, s.number, s.frame, s.tag }

-- What is inside stays there: captures of 'farslot capture' show it.
local function add_sealed(tvb, pinfo, root)
  local length = tvb(4, 2):uint()
  local kind = tvb(2, 1):uint()
  local least = kind == SEAL.KEYS and SEAL.KEYS_BYTES or SEAL.SEALED_BYTES + SEAL.TAG_BYTES
  if tvb:len() < least or length < least or length > tvb:len() then
    return 0
  end
  pinfo.cols.protocol = "PCIeoE"
  local tree = root:add(over_ethernet, tvb(0, length))
  tree:add(s.kind, tvb(2, 1))
  tree:add(s.length, tvb(4, 2))
  if kind == SEAL.KEYS then
    tree:add(s.reply, tvb(3, 1))
    tree:add(s.attempt, tvb(8, 8))
    tree:add(s.seq, tvb(16, 4))
    tree:add(s.ack, tvb(20, 4))
    tree:add(s.crc, tvb(24, 4))
    if length > SEAL.KEYS_BYTES then
      tree:add(s.bytes, tvb(SEAL.KEYS_BYTES, length - SEAL.KEYS_BYTES))
    end
    pinfo.cols.info = string.format(
      "KEYS %d, ack %d, %d bytes of a handshake",
      tvb(16, 4):uint(),
      tvb(20, 4):uint(),
      length - SEAL.KEYS_BYTES
    )
  else
    tree:add(s.phase, tvb(3, 1))
    tree:add(s.number, tvb(8, 8))
    tree:add(s.frame, tvb(SEAL.SEALED_BYTES, length - least))
    tree:add(s.tag, tvb(length - SEAL.TAG_BYTES, SEAL.TAG_BYTES))
    pinfo.cols.info = string.format(
      "SEALED %s, phase %d, a frame of %d bytes",
      tostring(tvb(8, 8):uint64()),
      tvb(3, 1):uint(),
      length - least
    )
  end
  return length
end

function over_ethernet.dissector(tvb, pinfo, root)
  if tvb:len() < RAIL_HEADER_BYTES + LAYOUT.PREAMBLE_BYTES then
    return 0
  end
  local ports = {
    dst = tvb(0, 2):uint(),
    src = tvb(2, 2):uint(),
    dst_range = tvb(0, 2),
    src_range = tvb(2, 2),
  }
  if tvb(RAIL_HEADER_BYTES, 2):uint() == SEAL.MAGIC and SEAL_KINDS[tvb(RAIL_HEADER_BYTES + 2, 1):uint()] then
    return add_sealed(tvb(RAIL_HEADER_BYTES):tvb(), pinfo, root) == 0 and 0 or tvb:len()
  end
  local taken = add_packet(tvb(RAIL_HEADER_BYTES):tvb(), pinfo, root, ports)
  return taken == 0 and 0 or tvb:len()
end

-- A stream of frames.
local over_tcp = Proto("pcieoe_tcp", "PCI Express over Ethernet, over TCP")

local function length_of(tvb, pinfo, offset)
  if tvb(offset, 2):uint() ~= LAYOUT.MAGIC then
    return tvb:len() - offset
  end
  return math.max(tvb(offset + 6, 2):uint(), LAYOUT.HEADER_BYTES)
end

function over_tcp.dissector(tvb, pinfo, root)
  local said = {}
  pinfo.cols.protocol = "PCIeoE"
  dissect_tcp_pdus(tvb, root, LAYOUT.PREAMBLE_BYTES, length_of, function(part, info, tree)
    if looks_right(part) and part(6, 2):uint() == part:len() then
      said[#said + 1] = add_frame(part, info, tree)
    else
      said[#said + 1] = "not PCIeoE"
      tree:add(pcieoe, part()):add_proto_expert_info(e.malformed)
    end
    return part:len()
  end)
  if #said > 0 then
    pinfo.cols.info = table.concat(said, " | ")
  end
  return tvb:len()
end

over_tcp:register_heuristic("tcp", function(tvb, pinfo, root)
  if not looks_right(tvb) or not FRAME_TYPES[tvb(3, 1):uint()] then
    return false
  end
  pinfo.conversation = over_tcp
  over_tcp.dissector(tvb, pinfo, root)
  return true
end)

DissectorTable.get("wtap_encap"):add((wtap_encaps or wtap).USER0, pcieoe)
DissectorTable.get("ethertype"):add(ETHERTYPE, over_ethernet)
DissectorTable.get("tcp.port"):add(TCP_PORT, over_tcp)
