/**
 * One real OpenSearch 2.19 node on 127.0.0.1, with or without the security plugin, built from its published jars by
 * Maven into `target/`. Used by tests and by the benchmark, which compare the project with it.
 */
import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type InternalUser, securityFiles, securitySettings } from "./security";

export interface OpenSearchOptions {
  /** With the security plugin: HTTPS, and nothing without a password. @default false */
  readonly security?: boolean;
  /** Users beside the master user; `backendRoles` stands for the ARNs that the role mapping looks at. */
  readonly users?: Readonly<Record<string, InternalUser>>;
  /** Further settings of the node. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Java heap. @default 512 */
  readonly heapMiB?: number;
}

export interface Answer {
  readonly status: number;
  readonly body: string;
}

export interface OpenSearchNode {
  /** Such as `http://127.0.0.1:34567`. */
  readonly url: string;
  /** Process id of the Java process, for its CPU time. */
  readonly pid: number;
  /** Certificate to trust, with the security plugin. */
  readonly ca: string | undefined;
  /** Name and password of the master user, with the security plugin. */
  readonly user: string | undefined;
  readonly password: string | undefined;
  /** One call as the master user, or as `login` ("user:password"; "" is nobody). */
  call(method: string, path: string, body?: string, login?: string): Promise<Answer>;
  stop(): Promise<void>;
}

const FOLDER = __dirname;
const TARGET = join(FOLDER, "target");
export const MASTER_USER = "master";
export const MASTER_PASSWORD = "Master-of-tests_1";

/** Why there can be no node on this machine; undefined: there can. */
export function openSearchMissing(): string | undefined {
  for (const command of ["java", "mvn"]) {
    if (spawnSync(command, ["-version"], { stdio: "ignore" }).status !== 0)
      return `${command} is not installed`;
  }
  return undefined;
}

/** Fetches the jars and compiles the one class, once. */
function build(): void {
  const built = join(TARGET, "built");
  const sources = ["pom.xml", "src/main/java/RealNode.java"].map(
    (name) => statSync(join(FOLDER, name)).mtimeMs,
  );
  if (existsSync(built) && statSync(built).mtimeMs >= Math.max(...sources)) return;
  execFileSync("mvn", ["-q", "-B", "package"], { cwd: FOLDER, stdio: ["ignore", "ignore", "inherit"] });
  writeFileSync(built, "");
}

function writeSettings(folder: string, options: OpenSearchOptions): string {
  const config = join(folder, "config");
  mkdirSync(config, { recursive: true });
  const settings: Record<string, string> = {
    "cluster.name": "real",
    "node.name": "real",
    "path.home": folder,
    "path.data": join(folder, "data"),
    "path.logs": join(folder, "logs"),
    "discovery.type": "single-node",
    "network.host": "127.0.0.1",
    "http.port": "0",
    "transport.port": "0",
    ...(options.security ? securitySettings() : {}),
    ...options.settings,
  };
  if (options.security) {
    cpSync(join(TARGET, "security", "config"), join(config, "opensearch-security"), { recursive: true });
    securityFiles(config, options.users ?? {});
  }
  const file = join(config, "node.yml");
  writeFileSync(
    file,
    Object.entries(settings)
      .map(([key, value]) => `${key}: ${value}\n`)
      .join(""),
  );
  return file;
}

/** Resolves with the port once the node answers. */
function whenReady(node: ChildProcess): Promise<number> {
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
    node.once("exit", (code) => reject(new Error(`OpenSearch ended with code ${code}:\n${output}`)));
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

/** The security plugin answers 503 until it has read its configuration. */
async function whenSecure(node: OpenSearchNode): Promise<void> {
  for (let attempt = 0; attempt < 240; attempt++) {
    if ((await node.call("GET", "/")).status === 200) return;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  throw new Error("OpenSearch's security plugin did not become ready within a minute");
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

export async function startOpenSearch(options: OpenSearchOptions = {}): Promise<OpenSearchNode> {
  build();
  const folder = mkdtempSync(join(tmpdir(), "opensearch-"));
  const file = writeSettings(folder, options);
  const heap = options.heapMiB ?? 512;
  const classPath = ["classes", "lib/*", ...(options.security ? ["security/*"] : [])]
    .map((part) => join(TARGET, part))
    .join(":");
  const flags = [
    `-Xms${heap}m`,
    `-Xmx${heap}m`,
    "-XX:+UseG1GC",
    "-Djava.awt.headless=true",
    `-Dopensearch.path.home=${folder}`,
  ];
  const node = spawn(
    "java",
    [...flags, "-cp", classPath, "RealNode", file, options.security ? "security" : "plain"],
    {
      stdio: ["pipe", "pipe", "pipe"],
      cwd: folder,
    },
  );
  const stop = stopping(node, folder);
  try {
    const port = await whenReady(node);
    const ca = options.security ? readFileSync(join(folder, "config", "ca.pem"), "utf8") : undefined;
    const url = `${options.security ? "https" : "http"}://127.0.0.1:${port}`;
    const master = options.security ? `${MASTER_USER}:${MASTER_PASSWORD}` : "";
    const started: OpenSearchNode = {
      url,
      pid: node.pid as number,
      ca,
      user: options.security ? MASTER_USER : undefined,
      password: options.security ? MASTER_PASSWORD : undefined,
      call: (method, path, body = "", login = master) => call(url, ca, method, path, body, login),
      stop,
    };
    if (options.security) await whenSecure(started);
    return started;
  } catch (error) {
    await stop();
    throw error;
  }
}
