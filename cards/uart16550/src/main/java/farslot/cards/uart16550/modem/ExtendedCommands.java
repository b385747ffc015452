package farslot.cards.uart16550.modem;

/** Commands that begin with a plus (V.250, 5.4): parameters, identities, fax. */
final class ExtendedCommands {
  static final String MANUFACTURER = "Farslot";
  static final String MODEL = "UART modem";
  static final String REVISION = "1";
  static final String PRODUCT_CODE = "33600";
  static final String CAPABILITIES = "+GCAP: +FCLASS,+MS,+ES,+DS";

  private static final String FLOW = "+IFC";

  private final Profile profile;
  private final Actions actions;

  ExtendedCommands(Profile profile, Actions actions) {
    this.profile = profile;
    this.actions = actions;
  }

  /** Does one, from behind its plus; a semicolon behind it is taken too. */
  ResultCode run(CommandReader reader) {
    String name = "+" + reader.name();
    ResultCode result = one(name, reader);
    if (result == ResultCode.OK && !reader.atEnd() && !reader.takes(';')) {
      return ResultCode.ERROR;
    }
    return result;
  }

  private ResultCode one(String name, CommandReader reader) {
    if (reader.takes('=')) {
      return reader.takes('?') ? test(name) : set(name, reader.value());
    }
    return reader.takes('?') ? read(name) : action(name);
  }

  private ResultCode test(String name) {
    if (name.equals(FLOW)) {
      return info("+IFC: (0-3),(0-2)");
    }
    switch (name) {
      case "+FTM", "+FRM" -> {
        return info(Modulation.IMAGE_CODES);
      }
      case "+FTH", "+FRH" -> {
        return info(Integer.toString(Modulation.V21.code()));
      }
      case "+FTS", "+FRS" -> {
        return info("0-255");
      }
      default -> {
        // A parameter, or an identity: those exist, and say no more.
      }
    }
    Parameter parameter = Parameter.named(name);
    if (parameter != null) {
      return info(parameter.test());
    }
    return identity(name) != null ? ResultCode.OK : ResultCode.ERROR;
  }

  private ResultCode read(String name) {
    if (name.equals(FLOW)) {
      return info("+IFC: " + profile.flowByDte() + "," + profile.flowByDce());
    }
    Parameter parameter = Parameter.named(name);
    if (parameter != null) {
      return info(parameter.read(profile.extended(name)));
    }
    String identity = identity(name);
    return identity == null ? ResultCode.ERROR : info(identity);
  }

  private ResultCode action(String name) {
    String identity = identity(name);
    return identity == null ? ResultCode.ERROR : info(identity);
  }

  private ResultCode info(String text) {
    actions.info(text);
    return ResultCode.OK;
  }

  private static String identity(String name) {
    return switch (name) {
      case "+GMI", "+FMI" -> MANUFACTURER;
      case "+GMM", "+FMM" -> MODEL;
      case "+GMR", "+FMR" -> REVISION;
      case "+GCAP" -> CAPABILITIES;
      default -> null;
    };
  }

  private ResultCode set(String name, String value) {
    if (name.equals(FLOW)) {
      return flow(value);
    }
    Parameter parameter = Parameter.named(name);
    if (parameter == null) {
      return fax(name, value);
    }
    if (!parameter.set(value, profile.extended(name))) {
      return ResultCode.ERROR;
    }
    if (name.equals("+FLO")) {
      int way = Integer.parseInt(profile.extended(name)[0]);
      profile.flow(way, way);
    }
    actions.settled();
    return ResultCode.OK;
  }

  private ResultCode flow(String value) {
    String[] now = {Integer.toString(profile.flowByDte()), Integer.toString(profile.flowByDce())};
    if (!IFC.set(value, now)) {
      return ResultCode.ERROR;
    }
    profile.flow(Integer.parseInt(now[0]), Integer.parseInt(now[1]));
    actions.settled();
    return ResultCode.OK;
  }

  private static final Parameter IFC =
      new Parameter(FLOW, "(0-3),(0-2)", new String[] {"2", "2"}, false);

  private ResultCode fax(String name, String value) {
    CommandReader number = new CommandReader(value);
    int given = number.atDigit() ? number.number() : -1;
    boolean known =
        switch (name) {
          case "+FTM", "+FRM" -> Modulation.of(given) != null && given != Modulation.V21.code();
          case "+FTH", "+FRH" -> given == Modulation.V21.code();
          case "+FTS", "+FRS" -> given >= 0 && given <= 255;
          default -> false;
        };
    return known && number.atEnd() && profile.fax() ? actions.fax(name, given) : ResultCode.ERROR;
  }
}
