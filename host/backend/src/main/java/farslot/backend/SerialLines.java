package farslot.backend;

import farslot.backend.serial.CallLine;
import farslot.backend.serial.PtyLine;
import farslot.backend.serial.Rfc2217Line;
import farslot.backend.serial.TtyLine;
import farslot.function.CardConfig;
import farslot.function.CardConfigException;
import farslot.function.CardUnavailableException;
import farslot.function.SerialLine;
import farslot.linux.EventLoop;
import farslot.linux.HostPort;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Makes what the configuration of a serial port names. */
final class SerialLines {
  private static final List<String> KINDS = List.of("pty", "tty", "tcp", "listen", "rfc2217");

  private final BackEndFactory backEnds;
  private final EventLoop loop;

  SerialLines(BackEndFactory backEnds, EventLoop loop) {
    this.backEnds = backEnds;
    this.loop = loop;
  }

  SerialLine open(CardConfig config) throws CardConfigException {
    List<String> said = KINDS.stream().filter(config::has).toList();
    if (said.size() != 1) {
      throw new CardConfigException(
          config.where()
              + ": say what is connected, one of "
              + String.join(", ", KINDS)
              + ", such as {pty: /run/farslot/serial0} or {listen: 127.0.0.1:7001}; not "
              + (said.isEmpty() ? "none" : String.join(" and ", said)));
    }
    SerialLine line =
        switch (said.getFirst()) {
          case "pty" -> pty(config);
          case "tty" -> tty(config);
          case "rfc2217" ->
              new Rfc2217Line(
                  backEnds.calls(config), target(config, "rfc2217"), config.bool("flow", false));
          case "tcp" ->
              new CallLine(backEnds.calls(config), target(config, "tcp"), heedsRts(config));
          default -> new CallLine(backEnds.calls(config), null, heedsRts(config));
        };
    try {
      config.finish();
    } catch (CardConfigException e) {
      line.close();
      throw e;
    }
    return line;
  }

  private static boolean heedsRts(CardConfig config) throws CardConfigException {
    return config.bool("flow", true);
  }

  private static String target(CardConfig config, String key) throws CardConfigException {
    return HostPort.parse(config.string(key))
        .filter(HostPort::canBeDialled)
        .orElseThrow(() -> config.wrong(key, "a host and a port: 192.168.10.5:7001"))
        .toString();
  }

  private SerialLine tty(CardConfig config) throws CardConfigException {
    String path = config.string("tty");
    boolean flow = config.bool("flow", false);
    try {
      return new TtyLine(loop, path, flow);
    } catch (IOException e) {
      throw new CardUnavailableException(
          config.where()
              + ": "
              + e.getMessage()
              + "; 'tty' is a serial port that the appliance may open, such as /dev/ttyS0");
    }
  }

  private SerialLine pty(CardConfig config) throws CardConfigException {
    Path link = Path.of(config.string("pty"));
    boolean heedsRts = heedsRts(config);
    if (!link.isAbsolute()) {
      throw config.wrong("pty", "a path that begins with '/', such as /run/farslot/serial0");
    }
    try {
      return new PtyLine(loop, link, heedsRts);
    } catch (IOException e) {
      throw new CardUnavailableException(
          config.where()
              + ": "
              + e.getMessage()
              + "; 'pty' is a name that does not exist yet, where the appliance may write");
    }
  }
}
