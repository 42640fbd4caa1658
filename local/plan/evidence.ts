/**
 * What an evaluation depends on, seen while it goes on: files that were loaded, names that were looked up, variables of
 * the environment that were read. A plan is kept for as long as all of it stays the same.
 */
import childProcess from "node:child_process";
import fs from "node:fs";
import { Session } from "node:inspector";
import { syncBuiltinESMExports } from "node:module";
import net from "node:net";
import { basename, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { contentOf, listingOf } from "./fingerprints";

export interface Evidence {
  /** Fingerprints of what is in files, by path. */
  readonly files: Readonly<Record<string, string>>;
  /** Fingerprints of the names in folders, by path. */
  readonly folders: Readonly<Record<string, string>>;
  /** Paths that were looked for, and whether they were there. */
  readonly paths: Readonly<Record<string, boolean>>;
  /** Variables of the environment; undefined where there was none. */
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/**
 * What the packages are is in the lock file; those of their files that were loaded are compared, too. Compiled code lies
 * beside them and, of the ts-node that Pulumi brings, in the temporary folder, by its source's contents.
 */
export const isPackages = (path: string): boolean =>
  /[/\\](node_modules|v8-compile-cache[^/\\]*|ts-node-[0-9a-f]{64})([/\\]|$)/.test(path);

/** Files that Pulumi and the compiler read beside the program's own. */
const isSettings = (path: string): boolean =>
  /^(package(-lock)?\.json|tsconfig.*\.json|\.npmrc|\.gitconfig|Pulumi(\..+)?\.(ya?ml|json)|yarn\.lock|pnpm-.*\.yaml)$/.test(
    basename(path),
  );

/** Set here for the program, from what is compared anyway; or different in each terminal, and read by npm's packages. */
const isPassing = (name: string): boolean =>
  /^(PULUMI_(NODEJS|CONFIG)|NODE_COMPILE_CACHE$|npm_|INIT_CWD$|(OLD)?PWD$|SHLVL$|_$|TERM|COLUMNS$|LINES$|SSH_|XDG_)/.test(
    name,
  );

type Method = (this: unknown, ...parameters: unknown[]) => unknown;
type Methods = Record<string, Method>;

const starting = "starts other programs";

/** With all that hangs on the other, such as what `util.promisify` makes of it. */
const inPlaceOf = (method: Method, other: Method): Method =>
  Object.defineProperties(other, Object.getOwnPropertyDescriptors(method));

export class EvidenceWatch {
  private readonly read = new Set<string>();
  private readonly listed = new Set<string>();
  private readonly looked = new Set<string>();
  private readonly variables = new Set<string>();
  private readonly used = new Set<string>();
  private code: Set<string> | undefined;
  private readonly startMs = Date.now();

  /** Begins to watch this process, for good. */
  constructor() {
    const files: [Methods, string][] = [
      [fs as unknown as Methods, ""],
      [fs as unknown as Methods, "Sync"],
      [fs.promises as unknown as Methods, ""],
    ];
    for (const [methods, ending] of files) {
      this.watchPaths(methods, ["readFile", "open", "createReadStream"], ending, this.read);
      this.watchPaths(methods, ["readdir", "opendir"], ending, this.listed);
      this.watchPaths(methods, ["exists", "stat", "lstat", "access"], ending, this.looked);
    }
    // All that is asynchronous comes through the first of them, also what Node promisifies.
    this.watchUse(childProcess.ChildProcess.prototype as unknown as Methods, "spawn", starting);
    for (const name of ["spawnSync", "execSync", "execFileSync"])
      this.watchUse(childProcess as unknown as Methods, name, starting);
    this.watchUse(net.Socket.prototype as unknown as Methods, "connect", "asks the network");
    syncBuiltinESMExports();
    const { variables } = this;
    process.env = new Proxy(process.env, {
      get(target, name) {
        if (typeof name === "string") variables.add(name);
        return Reflect.get(target, name) as unknown;
      },
      has(target, name) {
        if (typeof name === "string") variables.add(name);
        return Reflect.has(target, name);
      },
    });
  }

  private watchPaths(methods: Methods, names: readonly string[], ending: string, seen: Set<string>): void {
    for (const name of names) {
      const method = methods[name + ending];
      if (!method) continue;
      methods[name + ending] = inPlaceOf(method, function (this: unknown, path: unknown, ...rest: unknown[]) {
        if (typeof path === "string") seen.add(resolve(path));
        else if (path instanceof URL && path.protocol === "file:") seen.add(fileURLToPath(path));
        return method.call(this, path, ...rest);
      });
    }
  }

  private watchUse(methods: Methods, name: string, what: string): void {
    const { used } = this;
    const method = methods[name]!;
    methods[name] = inPlaceOf(method, function (this: unknown, ...parameters: unknown[]) {
      used.add(what);
      return method.apply(this, parameters);
    });
  }

  /** Ends of sentences that begin with "The program": why nobody can tell what its plan depends on. */
  get outside(): string[] {
    const others = [...this.read].filter(
      (path) => !this.isSeen(path) && !isSettings(path) && fs.existsSync(path),
    );
    return [...this.used, ...others.map((path) => `reads ${path}`)];
  }

  /** What somebody may change so that the plan changes: code that is loaded by now, and settings. */
  get sources(): string[] {
    return [...new Set([...this.loaded, ...this.read].filter((path) => !isPackages(path)))];
  }

  /**
   * @param folder of the program's packages
   * @returns undefined where something was changed meanwhile
   */
  end(folder: string): Evidence | undefined {
    const settings = [...this.read].filter((path) => isSettings(path) && !isPackages(path));
    const lock = resolve(folder, "node_modules/.package-lock.json");
    const files = [...new Set([...this.loaded, ...settings, lock])].filter((path) => fs.existsSync(path));
    if (files.some((path) => fs.statSync(path).mtimeMs >= this.startMs)) return undefined;
    const folders = [...this.listed].filter((path) => !isPackages(path));
    const paths = [...this.looked].filter((path) => !this.isSeen(path));
    return {
      files: Object.fromEntries(files.map((path) => [path, contentOf(path)])),
      folders: Object.fromEntries(folders.map((path) => [path, listingOf(path)])),
      paths: Object.fromEntries(paths.map((path) => [path, fs.existsSync(path)])),
      environment: Object.fromEntries(
        [...this.variables].filter((name) => !isPassing(name)).map((name) => [name, process.env[name]]),
      ),
    };
  }

  private isSeen(path: string): boolean {
    return this.loaded.has(path) || isPackages(path);
  }

  /** Of all code that is in this process by now. */
  private get loaded(): Set<string> {
    this.code ??= new Set([...Object.keys(require.cache), ...scripts()]);
    return this.code;
  }
}

/** Files of all code in this process: ES modules are in no list that a program can ask for. */
function scripts(): string[] {
  const found: string[] = [];
  const session = new Session();
  session.connect();
  session.on("Debugger.scriptParsed", ({ params: { url } }) => {
    if (url.startsWith("file:///")) found.push(fileURLToPath(url));
  });
  session.post("Debugger.enable");
  session.disconnect();
  return found;
}
