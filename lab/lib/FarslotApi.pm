# Requests to a manager by its control socket (see lab/api).
package FarslotApi;
use strict;
use warnings;
use IO::Socket::UNIX;

sub quoted {
    my ($text) = @_;
    $text =~ s/([\\"])/\\$1/g;
    return qq("$text");
}

# ask SOCKET, METHOD, PATH, BODY, KEY=VALUE...: status and body of the answer.
sub ask {
    my ($path, $method, $what, $body, @query) = @_;
    my $manager = IO::Socket::UNIX->new(Type => SOCK_STREAM, Peer => $path) or die "$path: $!\n";
    local $SIG{ALRM} = sub { die "$path: no answer to $method $what within 300 s\n" };
    alarm 300;
    my @fields = ('"command":"api"', '"method":' . quoted($method), '"path":' . quoted($what));
    push @fields, '"query":[' . join(',', map { quoted($_) } @query) . ']' if @query;
    push @fields, '"body":' . quoted($body) if $body ne '';
    print $manager '{' . join(',', @fields) . "}\n";
    my $answer = <$manager> // die "$path: hung up\n";
    alarm 0;
    $answer =~ /"status":(\d+)/ or die "$path: $answer";
    my $status = $1;
    my ($text) = $answer =~ /"body":"((?:[^"\\]|\\.)*)"/;
    $text //= '';
    $text =~ s/\\(["\\\/])/$1/g;
    return ($status, $text);
}
1;
