/** Figures and their goals, made of rounds: what every measurement gives, whatever it measures. */
package farslot.bench.figures;
