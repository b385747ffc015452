/**
 * How answers look: tables, trees, JSON and YAML on standard output, progress and questions on
 * standard error, colours where a person sees them.
 */
package farslot.cli.output;
