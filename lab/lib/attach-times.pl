# attach-times.pl SOCKET FUNCTION SERVER GUEST CONSOLE ROUNDS: attaches a function to a running guest and detaches it, ROUNDS times.
# The guest says `mark usable N` when it has used the device for the first time, and `mark gone N` when it has none any more.
# Prints a line each round and, at the end, the percentiles: of request to bus mastering on (the driver is at work), to the device used
# by a program in the guest, and of the request to detach until the manager says that it is done.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use FarslotApi;
use Time::HiRes qw(time sleep);

my ($socket, $function, $server, $guest, $console, $rounds) = @ARGV;
my $path = "/api/v1/functions/$function";

sub ask {
    my ($status, $answer) = FarslotApi::ask($socket, @_);
    die "$_[0] $_[1]: $status $answer\n" if $status >= 400;
    return $answer;
}

sub until_true {
    my ($what, $test) = @_;
    my $deadline = time + 300;
    until ($test->()) {
        die "waited in vain for $what\n" if time > $deadline;
        sleep 0.01;
    }
}

open my $log, '<', $console or die "$console: $!\n";
my $seen = '';

sub marked {
    my ($mark) = @_;
    seek $log, 0, 1;
    while (my $line = <$log>) { $seen .= $line }
    return $seen =~ /^\@\@mark: \Q$mark\E\r?$/m;
}

sub percentile {
    my ($share, @all) = @_;
    @all = sort { $a <=> $b } @all;
    my $at = int($share * @all + 0.999999) - 1;
    return $all[$at < 0 ? 0 : $at];
}

my (@attached, @bound, @usable, @detached);
for my $round (1 .. $rounds) {
    my $began = time;
    ask('POST', "$path/attach", qq({"server":"$server","guest":"$guest"}), 'wait=60s');
    push @attached, time - $began;
    until_true("a driver, round $round", sub { ask('GET', $path, '') =~ /"driver-bound":true/ });
    push @bound, time - $began;
    until_true("the guest to use it, round $round", sub { marked("usable $round") });
    push @usable, time - $began;
    $began = time;
    ask('POST', "$path/detach", '{}', 'wait=60s');
    push @detached, time - $began;
    until_true("the guest to miss it, round $round", sub { marked("gone $round") });
    printf "  round %2d: attached %.0f ms, driver at work %.0f ms, used %.0f ms, detached %.0f ms\n",
        $round, map { 1000 * $_->[-1] } \@attached, \@bound, \@usable, \@detached;
}
for ([ 'attached', @attached ], [ 'driver at work', @bound ], [ 'used by a program', @usable ], [ 'detached', @detached ]) {
    my ($what, @all) = @$_;
    printf "  %-18s p50 %4.0f ms  p99 %4.0f ms  (%d times)\n", $what, 1000 * percentile(0.5, @all), 1000 * percentile(0.99, @all), scalar @all;
}
