/** What the program tells of itself: completion for shells, and manual pages. */
package farslot.cli.about;
