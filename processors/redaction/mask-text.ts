/** All that is masked in a text that is no JSON. */
import { createNames } from "./field-names";
import { createMask } from "./mask";
import { createMaskParameters } from "./parameters";

export function createMaskText(): (text: string) => string {
  const mask = createMask();
  const maskParameters = createMaskParameters(createNames());
  return (text) => maskParameters(mask(text));
}
