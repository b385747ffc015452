#!/usr/bin/perl
# elf-forget.pl FILE LIBRARY...: changes a 64-bit little-endian ELF program so that it starts without some of its libraries.
# Names are the specification's (System V gABI, and the symbol versioning of the LSB).
use strict;
use warnings;

my ($file, @forget) = @ARGV;
open(my $in, '<:raw', $file) or die "$file: $!\n";
my $elf = do { local $/; <$in> };
close $in;
substr($elf, 0, 6) eq "\x7fELF\x02\x01" or die "$file: not a 64-bit little-endian ELF file\n";

my %DT = (NULL => 0, NEEDED => 1, STRTAB => 5, SYMTAB => 6, DEBUG => 21, VERSYM => 0x6ffffff0, VERNEED => 0x6ffffffe, VERNEEDNUM => 0x6fffffff);
my ($PT_LOAD, $PT_DYNAMIC) = (1, 2);
my ($STB_GLOBAL, $STB_WEAK) = (1, 2);

sub u16 { unpack 'v', substr($elf, $_[0], 2) }
sub u32 { unpack 'V', substr($elf, $_[0], 4) }
sub u64 { unpack 'Q<', substr($elf, $_[0], 8) }
sub put { my ($format, $at, $value) = @_; my $b = pack $format, $value; substr($elf, $at, length $b) = $b }
sub text { my $end = index($elf, "\0", $_[0]); substr($elf, $_[0], $end - $_[0]) }

# Segments: addresses to file offsets.
my ($phoff, $phentsize, $phnum) = (u64(32), u16(54), u16(56));
my (@load, $dynamic);
for my $i (0 .. $phnum - 1) {
    my $p = $phoff + $i * $phentsize;
    push @load, [u64($p + 16), u64($p + 8), u64($p + 32)] if u32($p) == $PT_LOAD;
    $dynamic = u64($p + 8) if u32($p) == $PT_DYNAMIC;
}
sub offset {
    my $address = shift;
    for (@load) { my ($va, $off, $size) = @$_; return $address - $va + $off if $address >= $va && $address < $va + $size }
    die sprintf "%s: no segment holds %#x\n", $file, $address;
}

# The dynamic section.
my (%dyn, @needed);
for (my $d = $dynamic; u64($d) != $DT{NULL}; $d += 16) {
    if (u64($d) == $DT{NEEDED}) { push @needed, $d } else { $dyn{u64($d)} = $d }
}
sub at { my $d = $dyn{$DT{$_[0]}} or die "$file: no $_[0]\n"; offset(u64($d + 8)) }
my ($strtab, $symtab, $versym) = (at('STRTAB'), at('SYMTAB'), at('VERSYM'));

sub forgotten { my $name = shift; grep { index($name, "$_.so") == 0 } @forget }

for (@needed) {
    next unless forgotten(text($strtab + u64($_ + 8)));
    put('Q<', $_, $DT{DEBUG});    # an entry that a loader passes over
}

# Version records: those of forgotten libraries leave the chain; remember which versions the others give.
my (%kept, $previous, $left);
my $need = at('VERNEED');
for (;;) {
    my ($count, $name, $aux, $next) = (u16($need + 2), u32($need + 4), u32($need + 8), u32($need + 12));
    if (forgotten(text($strtab + $name))) {
        defined $previous or die "$file: the first version record cannot leave\n";
        put('V', $previous + 12, $next ? $need + $next - $previous : 0);
    } else {
        for (my $a = $need + $aux; $count--; $a += u32($a + 12)) { $kept{u16($a + 6)} = 1 }
        $previous = $need;
        $left++;
    }
    last unless $next;
    $need += $next;
}
put('Q<', $dyn{$DT{VERNEEDNUM}} + 8, $left);

# Undefined symbols of no kept version become weak: the loader leaves them 0 instead of giving up. The symbol table ends
# where the string table begins, as every linker lays them out. Unversioned symbols may be anyone's: weak does no harm.
my $symbols = int(($strtab - $symtab) / 24);
for my $i (1 .. $symbols - 1) {
    my $s = $symtab + 24 * $i;
    my ($info, $section) = (ord(substr($elf, $s + 4, 1)), u16($s + 6));
    next if $section || ($info >> 4) != $STB_GLOBAL || $kept{u16($versym + 2 * $i) & 0x7fff};
    substr($elf, $s + 4, 1) = chr(($STB_WEAK << 4) | ($info & 15));
}

open(my $out, '>:raw', "$file.new") or die "$file.new: $!\n";
print $out $elf;
close $out or die "$file.new: $!\n";
chmod 0755, "$file.new";
rename "$file.new", $file or die "$file: $!\n";
