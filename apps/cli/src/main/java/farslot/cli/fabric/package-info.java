/** Commands that ask a fabric's manager: what there is, who has it, and that it be otherwise. */
package farslot.cli.fabric;
