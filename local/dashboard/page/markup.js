/** Preact and htm, joined once: `html` makes elements whose text is always text, never markup. */
import htm from "/vendor/htm.js";
import { h } from "/vendor/preact.js";

export const html = htm.bind(h);
