/** The text that would be uploaded as Lambda code, made and loaded as Pulumi and Lambda do it. */
import Module from "node:module";
import * as pulumi from "@pulumi/pulumi";
import { type HandlerOptions, type TransformHandler, transformHandlerFactory } from "../handler";
import type { Processor } from "../processor";

export async function emit(chain: readonly Processor[], options?: HandlerOptions): Promise<string> {
  const factory = transformHandlerFactory(chain, options);
  const { text } = await pulumi.runtime.serializeFunction(factory, {
    isFactoryFunction: true,
    exportName: "handler",
  });
  return text;
}

/** A cold start: runs the text once, and gives its handler. */
export function loadEmitted(text: string): TransformHandler {
  const emitted = new Module("/var/task/__index.js");
  emitted.paths = module.paths;
  // biome-ignore lint/suspicious/noExplicitAny: Node's own loader, as Lambda's runtime uses it
  (emitted as any)._compile(text, "/var/task/__index.js");
  return emitted.exports.handler;
}
