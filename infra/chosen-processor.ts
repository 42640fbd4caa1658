/** What the argument `processor` can be, made one thing: a chain of processors, or a function that is there. */
import * as aws from "@pulumi/aws";
import { processorChain, processors } from "../processors";
import { type InlineProcessor, inlineProcessor } from "../processors/inline";
import type { Processor } from "../processors/processor";
import type { ProcessorLink } from "./component-args";

export interface ChosenProcessor {
  /** As it was chosen: names joined by commas, `inline` for a function without one. */
  readonly processorName: string;
  /** In the order in which a record passes them; empty for a function that is there. */
  readonly processorChain: readonly Processor[];
  /** Called as it is. */
  readonly processorLambda?: aws.lambda.Function;
}

/** A string tells what is allowed instead. */
export function chosenProcessor(value: unknown): ChosenProcessor | string {
  if (aws.lambda.Function.isInstance(value)) {
    return { processorName: "a function of the program", processorChain: [], processorLambda: value };
  }
  const links: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (links.length === 0) return "at least one processor";
  const names: string[] = [];
  const chain: Processor[] = [];
  for (const link of links) {
    const found = linkOf(link as ProcessorLink);
    if (typeof found === "string") return found;
    names.push(found.name);
    chain.push(...found.chain);
  }
  return { processorName: names.join(","), processorChain: chain };
}

interface Link {
  readonly name: string;
  readonly chain: readonly Processor[];
}

function linkOf(link: ProcessorLink): Link | string {
  if (typeof link === "string") {
    const chain = processorChain(link);
    return typeof chain === "string" ? allowedNames(link) : { name: link, chain };
  }
  if (typeof link === "function") return { name: nameOf(link), chain: [known(link)] };
  if (typeof link?.create === "function") return { name: nameOf(link.create), chain: [link] };
  return "a processor's name, a function of one record, a factory of one, { create, fields }, a list of these, or an aws.lambda.Function";
}

/** The value itself is told before: only which one of several names is wrong is not known yet. */
function allowedNames(link: string): string {
  const names = link.split(",").map((name) => name.trim());
  const wrong = names.find((name) => !Object.hasOwn(processors, name));
  const which = names.length > 1 ? `; ${JSON.stringify(wrong)} is none of them` : "";
  return `${Object.keys(processors).join(", ")}, or several of them joined by commas${which}`;
}

/** A function that was written as an argument has that argument's name, which says nothing. */
const nameOf = ({ name }: { readonly name: string }): string =>
  ["", "processor", "create"].includes(name) ? "inline" : name;

/** The same function twice is the same processor: its text is made once. */
const inlineProcessors = new WeakMap<InlineProcessor, Processor>();

function known(own: InlineProcessor): Processor {
  const processor = inlineProcessors.get(own) ?? inlineProcessor(own);
  inlineProcessors.set(own, processor);
  return processor;
}
