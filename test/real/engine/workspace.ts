/** This repository's program in a folder of its own, deployed by the real engine to the account of the tests. */
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { type EngineEvent, LocalWorkspace, type Stack } from "@pulumi/pulumi/automation";
import { pulumiCommand } from "./cli";
import type { Cloud } from "./cloud";
import { serveProvider } from "./provider-server";

const root = resolve(__dirname, "../../..");
const project = "firehose-opensearch";

/** What the engine did, or would do, with one resource. */
export interface Step {
  readonly op: string;
  readonly type: string;
  readonly name: string;
}

export interface Run {
  readonly steps: readonly Step[];
  /** Steps that are not `same`, each as `op name`. */
  readonly changes: readonly string[];
  /** How many resources the engine counts by what became of them; a refresh shows only here what it found. */
  readonly counts: Readonly<Record<string, number>>;
  /** All that the command line printed. */
  readonly output: string;
}

export interface Workspace {
  readonly stack: Stack;
  /** @param replace names of resources that are to be made anew, as by `pulumi up --replace` */
  up(replace?: readonly string[]): Promise<Run>;
  preview(): Promise<Run>;
  refresh(): Promise<Run>;
  destroy(): Promise<Run>;
  set(key: string, value: string): Promise<void>;
  setSecret(key: string, value: string): Promise<void>;
  /** The state as it lies on the disk. */
  stateText(): string;
  close(): void;
}

/** What the program's side says where the engine's process did not answer its connection, as on a machine that is busy. */
const notConnected = /14 UNAVAILABLE: No connection established/;
/** Of a command that could not begin for that, and has changed nothing. */
const mostTries = 3;

type Command = "up" | "preview" | "refresh" | "destroy";

/** @param program what is deployed. @default index.ts */
export async function openWorkspace(
  cloud: Cloud,
  stackName: string,
  program: () => Record<string, unknown> = runIndex,
): Promise<Workspace> {
  const folder = mkdtempSync(join(tmpdir(), "engine-"));
  const backend = join(folder, "state");
  mkdirSync(backend);
  // Pulumi.yaml names the program's file, which has to be there, though the engine asks this process for the program.
  for (const file of ["Pulumi.yaml", "index.ts", `Pulumi.${stackName}.yaml`])
    copyFileSync(join(root, file), join(folder, file));
  const server = await serveProvider(cloud, "7.48.0");
  const envVars = {
    PULUMI_BACKEND_URL: `file://${backend}`,
    PULUMI_CONFIG_PASSPHRASE: "of the tests",
    PULUMI_DEBUG_PROVIDERS: `aws:${server.port},random:${server.port}`,
    PULUMI_SKIP_UPDATE_CHECK: "true",
  };
  const stack = await LocalWorkspace.createStack(
    { stackName, projectName: project, program: async () => program() },
    {
      workDir: folder,
      pulumiHome: join(folder, "home"),
      secretsProvider: "passphrase",
      envVars,
      pulumiCommand: await pulumiCommand(),
    },
  );
  const run = async (command: Command, replace: readonly string[] = []): Promise<Run> => {
    const before = cloud.calls.length;
    for (let tries = 1; ; tries += 1) {
      try {
        return await runCommand(stack, command, replace);
      } catch (error) {
        const isUntouched = notConnected.test(String(error)) && cloud.calls.length === before;
        if (!isUntouched || tries === mostTries) throw error;
      }
    }
  };
  return {
    stack,
    up: (replace) => run("up", replace),
    preview: () => run("preview"),
    refresh: () => run("refresh"),
    destroy: () => run("destroy"),
    set: (key, value) => stack.setConfig(`${project}:${key}`, { value }),
    setSecret: (key, value) => stack.setConfig(`${project}:${key}`, { value, secret: true }),
    stateText: () => readFileSync(join(backend, `.pulumi/stacks/${project}/${stackName}.json`), "utf8"),
    close: () => {
      server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function runCommand(stack: Stack, command: Command, replace: readonly string[]): Promise<Run> {
  const steps: Step[] = [];
  let output = "";
  const options = {
    onOutput: (text: string) => {
      output += text;
    },
    onError: (text: string) => {
      output += text;
    },
    onEvent: ({ resourcePreEvent }: EngineEvent) => {
      if (!resourcePreEvent) return;
      const { op, type, urn } = resourcePreEvent.metadata;
      steps.push({ op, type, name: urn.split("::").at(-1)! });
    },
  };
  const urns = replace.length > 0 ? await urnsOf(stack, replace) : [];
  const counts = await {
    up: async () =>
      (await stack.up({ ...options, replace: urns, suppressProgress: true })).summary.resourceChanges,
    preview: async () => (await stack.preview({ ...options, diff: true })).changeSummary,
    refresh: async () => (await stack.refresh(options)).summary.resourceChanges,
    destroy: async () => (await stack.destroy(options)).summary.resourceChanges,
  }[command]();
  const changes = steps.filter(({ op }) => op !== "same").map(({ op, name }) => `${op} ${name}`);
  return { steps, changes, counts: counts ?? {}, output };
}

async function urnsOf(stack: Stack, names: readonly string[]): Promise<string[]> {
  const { deployment } = await stack.exportStack();
  const resources: { urn: string }[] = deployment.resources;
  const isOnAws = (urn: string) => /(?:\$|::)aws:/.test(urn);
  return resources
    .map(({ urn }) => urn)
    .filter((urn) => isOnAws(urn) && names.includes(urn.split("::").at(-1)!));
}

/** index.ts anew; what it imports keeps nothing of the run before. */
function runIndex(): Record<string, unknown> {
  delete require.cache[join(root, "index.ts")];
  return { ...require(join(root, "index.ts")) };
}
