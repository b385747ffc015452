package farslot.manager.model;

import java.util.List;

/** What the manager remembers of one thing, under one key. */
public sealed interface Document
    permits ApplianceDocument,
        FunctionDocument,
        ServerDocument,
        AssignmentDocument,
        SanitiseDocument,
        ProfileDocument,
        PoolDocument,
        TemplateDocument,
        IdentitiesDocument,
        GivenDocument,
        BindingDocument,
        ChangeDocument,
        EventDocument {
  /** Where it is in the store. */
  String key();

  /** What is wrong with it, in words, each with the key to change; none if it can be used. */
  List<String> problems();
}
