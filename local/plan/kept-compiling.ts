/**
 * Keeps what a program's TypeScript was compiled to, from start to start: Pulumi has ts-node do it, which keeps nothing.
 * The text is the same to the byte, as the closures are made of it.
 */
import { compiledOnce, mapTraces } from "../../compiled-files.cjs";

/** The part of ts-node's service that is asked and changed. */
interface CompilerService {
  readonly ts: { readonly version: string };
  /** As ts-node was told, and as its own settings in the tsconfig add to it. */
  readonly options: {
    readonly transpileOnly?: boolean;
    readonly swc?: boolean;
    readonly transpiler?: unknown;
    readonly transformers?: unknown;
  };
  /** What the tsconfig says. */
  readonly config: { readonly options: unknown };
  compile(code: string, file: string, ...more: unknown[]): string;
}

/** Where ts-node, since its eighth version, leaves its service when it begins to compile. */
const registered = Symbol.for("ts-node.register.instance");

/** Waits for ts-node: nothing of it is loaded here. */
export function keepCompiling(): void {
  const { prepareStackTrace } = Error;
  let service: CompilerService | undefined;
  Object.defineProperty(process, registered, {
    configurable: true,
    get: () => service,
    set: (found: CompilerService) => {
      service = found;
      if (!isAlone(found)) return;
      // Node reads the positions out of what is loaded; ts-node's own way knows only what it has compiled itself.
      Error.prepareStackTrace = prepareStackTrace;
      mapTraces();
      keepOutputs(found);
    },
  });
}

/** Whether a file's output depends on the file and the settings alone: types are those of other files. */
const isAlone = ({ options }: CompilerService): boolean =>
  options.transpileOnly === true && !options.swc && !options.transpiler && !options.transformers;

function keepOutputs(service: CompilerService): void {
  const compile = service.compile.bind(service);
  const { ts, config } = service;
  service.compile = (code, file, ...more) =>
    compiledOnce("programs", [file, code, more, ts.version, config.options], () =>
      compile(code, file, ...more),
    );
}
