package farslot.manager.engine;

/** Whose servers and appliances are; "" for nobody's in particular. */
interface Owners {
  String ofServer(String name);

  String ofAppliance(String name);
}
