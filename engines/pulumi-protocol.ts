/** Serves a part of Pulumi's protocol, in the very modules that Pulumi's SDK loads: its messages are instances of their classes. */
import { createRequire } from "node:module";
import type { sendUnaryData } from "@grpc/grpc-js";

const ofPulumi = createRequire(require.resolve("@pulumi/pulumi"));
const grpc: typeof import("@grpc/grpc-js") = ofPulumi("@grpc/grpc-js");
export const { Struct }: typeof import("google-protobuf/google/protobuf/struct_pb") = ofPulumi(
  "google-protobuf/google/protobuf/struct_pb",
);
export const { Empty }: typeof import("google-protobuf/google/protobuf/empty_pb") = ofPulumi(
  "google-protobuf/google/protobuf/empty_pb",
);

/** A struct has no place for `undefined`. */
export const structOf = (value: object) => Struct.fromJavaScript(JSON.parse(JSON.stringify(value)));

// biome-ignore lint/suspicious/noExplicitAny: requests of all kinds
export type Answer = (request: any) => unknown;

export interface Service {
  // biome-ignore lint/suspicious/noExplicitAny: Pulumi's modules of its services have no types
  readonly definition: any;
  /** By the name of the call; what is not here is "not implemented", which Pulumi knows how to do without. */
  readonly answers: Readonly<Record<string, Answer>>;
}

/** On a free port of 127.0.0.1. */
export async function servePulumi(services: readonly Service[]): Promise<{ port: number; stop(): void }> {
  const server = new grpc.Server({ "grpc.max_receive_message_length": -1 });
  for (const { definition, answers } of services) server.addService(definition, callsOf(answers));
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    );
  });
  return { port, stop: () => server.forceShutdown() };
}

const callsOf = (answers: Readonly<Record<string, Answer>>) =>
  Object.fromEntries(
    Object.entries(answers).map(([name, answer]) => [
      name,
      (call: { request: unknown }, callback: sendUnaryData<unknown>) => {
        Promise.resolve()
          .then(() => answer(call.request))
          .then(
            (found) => callback(null, found),
            (error: Error) => callback({ code: grpc.status.UNKNOWN, details: error.message }),
          );
      },
    ]),
  );
