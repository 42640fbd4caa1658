/** All that is masked in a text that is no JSON. */
import { createNames } from "./field-names";
import { createMask } from "./mask";

export function createMaskText(): (text: string) => string {
  return createMask(createNames()).text;
}
