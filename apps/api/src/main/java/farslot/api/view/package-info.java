/**
 * What a manager answers to those who look. A list is {@code {"revision": N, "items": [...]}}, one
 * thing is the thing itself; names are in kebab case.
 *
 * <pre>
 * GET /api/v1/status                                     {@link farslot.api.view.StatusView}
 * GET /api/v1/appliances[/{name}]                        {@link farslot.api.view.ApplianceView}
 * GET /api/v1/functions[/{appliance}/{function}]         {@link farslot.api.view.FunctionView}
 * GET /api/v1/servers[/{name}]                           {@link farslot.api.view.ServerView}
 * GET /api/v1/assignments[/{appliance}/{function}]       {@link farslot.api.view.AssignmentView}
 * GET /api/v1/top                                        {@link farslot.api.view.TopView}
 * GET /api/v1/events?after=REV&amp;subject=S&amp;limit=N&amp;wait=30s   {@link farslot.api.view.EventView}, the oldest first; the
 *       answer's revision is the next {@code after}. Without {@code after} the last N; with {@code wait}, an empty answer waits
 * GET /api/v1/watch?after=REV&amp;wait=30s    {"revision": N, "items": [{"what": "put" or "delete", "kind", "name"}]}: what has changed
 *
 * POST /api/v1/functions/{appliance}/{function}/attach   {"server", "guest", "identity", "boot-order", "qos", "sanitise"}
 * POST /api/v1/functions/{appliance}/{function}/detach   {"force", "timeout": "30s", "sanitise"}
 * POST /api/v1/functions/{appliance}/{function}/move     {"server", "guest", "force", "timeout", "sanitise"}
 *       answer with {@link farslot.api.view.AssignmentView} (detach, done: the function's view), at once or, with ?wait=30s, at the end
 * </pre>
 */
package farslot.api.view;
