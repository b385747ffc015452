package farslot.bench.rails;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Two hosts joined by cables: {@code lab/net}, told line by line what to do to them. They are gone
 * when this process is.
 */
final class Cables implements AutoCloseable {
  /** Where the source tree is; the command {@code farslot} says so. */
  private static final String HOME = "farslot.home";

  private static final String ANSWER = "ok";

  private final Process process;
  private final BufferedReader answers;
  private final BufferedWriter commands;
  private final Host appliance;
  private final Host initiator;

  /** Why there can be none here, or an empty text. */
  static String missing() {
    if (System.getProperty(HOME) == null || !Files.isExecutable(script())) {
      return "there is no lab/net here: it comes with Farslot's source tree";
    }
    return "root".equals(System.getProperty("user.name"))
        ? ""
        : "network namespaces need root: sudo ./farslot bench";
  }

  private static Path script() {
    return Path.of(System.getProperty(HOME), "lab", "net");
  }

  /** What the cables are. */
  record Plan(int count, int mtu, boolean switched) {
    private static final int USUAL_MTU = 1500;

    /** From one host to the other; rates and queues are those of the hosts' own ports. */
    static Plan direct(int count) {
      return new Plan(count, USUAL_MTU, false);
    }

    /** Through a switch; rates and queues are its. */
    static Plan switched(int count) {
      return new Plan(count, USUAL_MTU, true);
    }

    Plan withMtu(int bytes) {
      return new Plan(count, bytes, switched);
    }

    List<String> words() {
      return List.of(Integer.toString(count), Integer.toString(mtu), switched ? "switch" : "");
    }
  }

  Cables(Plan plan) throws IOException {
    List<String> command = new ArrayList<>(List.of(script().toString()));
    command.addAll(plan.words());
    process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    answers = process.inputReader(StandardCharsets.UTF_8);
    commands = process.outputWriter(StandardCharsets.UTF_8);
    List<String> holders = List.of(answer("lay").split(" "));
    appliance = new Host("appliance", Long.parseLong(holders.get(0)));
    initiator = new Host("initiator", Long.parseLong(holders.get(1)));
  }

  Host appliance() {
    return appliance;
  }

  Host initiator() {
    return initiator;
  }

  /** Both directions of a cable; 0 is as fast as the machine. */
  void shape(int rail, int mbit) {
    tell("shape " + rail + " " + mbit);
  }

  /** So many of a million frames are lost at random, in both directions. */
  void lose(int rail, int perMillion) {
    tell("lose " + rail + " " + perMillion);
  }

  /** Nothing gets through any more, and no end is told. */
  void cut(int rail) {
    tell("cut " + rail);
  }

  void mend(int rail) {
    tell("mend " + rail);
  }

  /** The link goes down, for both ends to see. */
  void unplug(int rail) {
    tell("unplug " + rail);
  }

  void plug(int rail) {
    tell("plug " + rail);
  }

  /** Bytes that a host has sent by a cable, Ethernet headers included. */
  long sent(Host by, int rail) {
    return Long.parseLong(tell("sent " + by.name() + " " + rail));
  }

  private String tell(String command) {
    try {
      commands.write(command);
      commands.newLine();
      commands.flush();
      return answer(command);
    } catch (IOException e) {
      throw new UncheckedIOException("lab/net: " + command, e);
    }
  }

  private String answer(String command) throws IOException {
    String line = answers.readLine();
    if (line == null || !line.startsWith(ANSWER)) {
      throw new IOException("lab/net: '" + command + "' was answered by " + line);
    }
    return line.substring(ANSWER.length()).trim();
  }

  @Override
  public void close() {
    try {
      commands.close();
    } catch (IOException e) {
      process.destroy(); // It has gone already, or goes now.
    }
  }
}
