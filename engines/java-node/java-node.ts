/**
 * One real node on 127.0.0.1, a Java process of its own, built from published jars by Maven into `target/`. What
 * differs between the engines is in opensearch/node.ts and elasticsearch/node.ts.
 */
import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface Answer {
  readonly status: number;
  readonly body: string;
}

export interface JavaNode {
  /** Such as `http://127.0.0.1:34567`. */
  readonly url: string;
  /** Process id of the Java process, for its CPU time. */
  readonly pid: number;
  /** One call as the master user if there is one, or as `login` ("user:password"; "" is nobody). */
  call(method: string, path: string, body?: string, login?: string): Promise<Answer>;
  stop(): Promise<void>;
}

export interface Engine {
  readonly name: string;
  /** Holds pom.xml; the node is built into its `target/`. */
  readonly folder: string;
  /** Package that the engine's classes are in, such as `org.opensearch`. */
  readonly package: string;
}

export interface JavaNodeOptions {
  readonly settings?: Readonly<Record<string, string>>;
  /** Java heap. @default 512 */
  readonly heapMiB?: number;
  /** Writes what further files the node wants beside its settings. */
  configure?(configFolder: string): void;
  /** Folders of `target/` whose jars are on the class path, beside `lib`. */
  readonly plugins?: readonly string[];
  /** Arguments of the class after the settings file. */
  readonly args?: readonly string[];
  /** With HTTPS: the file in the node's configuration that holds the certificate to trust. */
  readonly caFile?: string;
  /** "user:password" of calls that name nobody. @default nobody */
  readonly master?: string;
}

/** The one class, written for OpenSearch. Its names are those of Elasticsearch 7.10, from which OpenSearch began. */
const SOURCE = join(__dirname, "RealNode.java");

/** Why there can be no node on this machine; undefined: there can. */
export function javaNodeMissing(): string | undefined {
  for (const command of ["java", "mvn"]) {
    if (spawnSync(command, ["-version"], { stdio: "ignore" }).status !== 0)
      return `${command} is not installed`;
  }
  return undefined;
}

/** Fetches the jars and compiles the one class, once. */
function build(engine: Engine): void {
  const target = join(engine.folder, "target");
  const built = join(target, "built");
  const sources = [SOURCE, join(__dirname, "pom.xml"), join(engine.folder, "pom.xml")];
  const newestMs = Math.max(...sources.map((file) => statSync(file).mtimeMs));
  if (existsSync(built) && statSync(built).mtimeMs >= newestMs) return;
  mkdirSync(join(target, "source"), { recursive: true });
  const source = readFileSync(SOURCE, "utf8").replaceAll("org.opensearch.", `${engine.package}.`);
  writeFileSync(join(target, "source", "RealNode.java"), source);
  execFileSync("mvn", ["-q", "-B", "package"], {
    cwd: engine.folder,
    stdio: ["ignore", "ignore", "inherit"],
  });
  writeFileSync(built, "");
}

function writeSettings(folder: string, { settings, configure }: JavaNodeOptions): string {
  const config = join(folder, "config");
  mkdirSync(config, { recursive: true });
  const all: Record<string, string> = {
    "cluster.name": "real",
    "node.name": "real",
    "path.home": folder,
    "path.data": join(folder, "data"),
    "path.logs": join(folder, "logs"),
    "discovery.type": "single-node",
    "network.host": "127.0.0.1",
    "http.port": "0",
    "transport.port": "0",
    ...settings,
  };
  configure?.(config);
  const file = join(config, "node.yml");
  writeFileSync(
    file,
    Object.entries(all)
      .map(([key, value]) => `${key}: ${value}\n`)
      .join(""),
  );
  return file;
}

/** Resolves with the port once the node answers. */
function whenReady(name: string, node: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    let output = "";
    const read = (data: Buffer) => {
      output = (output + data.toString()).slice(-20_000);
      const ready = /^ready (\d+)$/m.exec(output);
      if (ready !== null) resolve(Number(ready[1]));
    };
    node.stdout?.on("data", read);
    node.stderr?.on("data", read);
    node.once("error", reject);
    node.once("exit", (code) => reject(new Error(`${name} ended with code ${code}:\n${output}`)));
  });
}

function call(
  url: string,
  ca: string | undefined,
  method: string,
  path: string,
  body: string,
  login: string,
): Promise<Answer> {
  const send = ca === undefined ? httpRequest : httpsRequest;
  const type =
    path.includes("_bulk") || path.includes("_msearch") ? "application/x-ndjson" : "application/json";
  const headers: Record<string, string> = { ...(body !== "" && { "content-type": type }) };
  if (login !== "") headers["authorization"] = `Basic ${Buffer.from(login).toString("base64")}`;
  return new Promise((resolve, reject) => {
    const request = send(url + path, { method, headers, ca }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("end", () =>
        resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString() }),
      );
      response.on("error", reject);
    });
    request.on("error", reject);
    request.end(body);
  });
}

function stopping(node: ChildProcess, folder: string): () => Promise<void> {
  return async () => {
    const ended = new Promise((resolve) => node.once("exit", resolve));
    if (node.exitCode === null) {
      node.stdin?.end();
      const timer = setTimeout(() => node.kill("SIGKILL"), 10_000);
      await ended;
      clearTimeout(timer);
    }
    rmSync(folder, { recursive: true, force: true });
  };
}

/** The certificate to trust, with {@link JavaNodeOptions.caFile}. */
export type StartedNode = JavaNode & { readonly ca: string | undefined };

export async function startJavaNode(engine: Engine, options: JavaNodeOptions = {}): Promise<StartedNode> {
  build(engine);
  const { heapMiB = 512, plugins = [], args = [], caFile, master = "" } = options;
  const folder = mkdtempSync(join(tmpdir(), `${engine.name.toLowerCase()}-`));
  const file = writeSettings(folder, options);
  const classPath = ["classes", ...["lib", ...plugins].map((jars) => `${jars}/*`)]
    .map((part) => join(engine.folder, "target", part))
    .join(":");
  const flags = [`-Xms${heapMiB}m`, `-Xmx${heapMiB}m`, "-XX:+UseG1GC", "-Djava.awt.headless=true"];
  const node = spawn("java", [...flags, "-cp", classPath, "RealNode", file, ...args], {
    stdio: ["pipe", "pipe", "pipe"],
    cwd: folder,
  });
  const stop = stopping(node, folder);
  try {
    const port = await whenReady(engine.name, node);
    const ca = caFile === undefined ? undefined : readFileSync(join(folder, "config", caFile), "utf8");
    const url = `${caFile === undefined ? "http" : "https"}://127.0.0.1:${port}`;
    return {
      url,
      pid: node.pid as number,
      ca,
      call: (method, path, body = "", login = master) => call(url, ca, method, path, body, login),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
