/**
 * What a run has found as one page that needs nothing else: tables and plots, to be shown around.
 */
package farslot.bench.html;
