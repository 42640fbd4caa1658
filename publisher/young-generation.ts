/**
 * Imported first: what a call needs of the heap is thrown away at once, and so does most of what a start needs. A young
 * generation that grows with these would hold some 20 MB for nothing.
 */
import { setFlagsFromString } from "node:v8";

setFlagsFromString("--semi-space-growth-factor=1");
