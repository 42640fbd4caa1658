/**
 * What `pulumi preview` pays for the program itself: Pulumi's own start of a program (`@pulumi/pulumi/cmd/run`) in a process of its
 * own, by an engine that takes each resource as it is and makes none. What the real engine takes beside it is not in it.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { EngineService } from "@pulumi/pulumi/proto/engine_grpc_pb";
import * as engineMessages from "@pulumi/pulumi/proto/engine_pb";
import { ResourceMonitorService } from "@pulumi/pulumi/proto/resource_grpc_pb";
import * as messages from "@pulumi/pulumi/proto/resource_pb";
import { Empty, type Service, servePulumi, structOf } from "../engines/pulumi-protocol";
import { StandIns } from "../local/plan/stand-ins";
import { Given } from "../local/plan/stand-ins/given";
import { Placeholders } from "../local/plan/stand-ins/placeholders";
import { usageOf } from "./process-usage";

const stack = "dev";
const project = "firehose-opensearch";
const region = "eu-west-1";

/** What a piece of work took. */
export interface Figure {
  readonly seconds: number;
  readonly cpuSeconds: number;
}

/**
 * Previews the program of a checkout once. Linux only.
 * @throws Error where the program fails, with what it wrote
 */
export async function previewed(checkout: string): Promise<Figure> {
  const engine = await serveEngine();
  const before = usageOf(process.pid).childrenCpuSeconds;
  const startMs = performance.now();
  try {
    const child = startProgram(checkout, engine.address);
    let text = "";
    for (const stream of [child.stdout!, child.stderr!]) stream.on("data", (chunk) => (text += chunk));
    const [code] = await once(child, "close");
    if (code !== 0 || engine.count() === 0) {
      throw new Error(
        `the program of ${checkout} ended with ${code}: ${[...engine.errors, text].join("\n")}`,
      );
    }
    return {
      seconds: (performance.now() - startMs) / 1000,
      cpuSeconds: usageOf(process.pid).childrenCpuSeconds - before,
    };
  } finally {
    engine.stop();
  }
}

/** As Pulumi's language plugin for Node does it. */
function startProgram(checkout: string, address: string): ChildProcess {
  const run = join(checkout, "node_modules/@pulumi/pulumi/cmd/run");
  const ours = ["--dry-run", "--project", project, "--stack", stack, "--organization", "organization"];
  const theirs = ["--monitor", address, "--engine", address, "--pwd", checkout, "--root-directory", checkout];
  return spawn(process.execPath, [run, ...ours, ...theirs, "index.ts"], {
    cwd: checkout,
    env: {
      ...process.env,
      PULUMI_CONFIG: JSON.stringify({ "aws:region": region }),
      PULUMI_CONFIG_SECRET_KEYS: "[]",
      PULUMI_NODEJS_TYPESCRIPT: "true",
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
}

interface Engine {
  readonly address: string;
  /** What the program told it. */
  readonly errors: readonly string[];
  /** Resources so far. */
  count(): number;
  stop(): void;
}

async function serveEngine(): Promise<Engine> {
  const standIns = new StandIns({ region, given: new Given([]), placeholders: new Placeholders() });
  let count = 0;
  const errors: string[] = [];
  const ofEngine: Service = {
    definition: EngineService,
    answers: {
      getRootResource: () => new engineMessages.GetRootResourceResponse(),
      setRootResource: () => new engineMessages.SetRootResourceResponse(),
      requirePulumiVersion: () => new engineMessages.RequirePulumiVersionResponse(),
      log: (request) => {
        const isError = request.getSeverity() >= engineMessages.LogSeverity.ERROR;
        if (isError) errors.push(request.getMessage());
        return new Empty();
      },
    },
  };
  const ofMonitor: Service = {
    definition: ResourceMonitorService,
    answers: {
      supportsFeature: () => new messages.SupportsFeatureResponse().setHassupport(true),
      registerResource: (request) => {
        count++;
        const urn = `urn:pulumi:${stack}::${project}::${request.getType()}::${request.getName()}`;
        return new messages.RegisterResourceResponse().setUrn(urn).setObject(request.getObject());
      },
      registerPackage: () => new messages.RegisterPackageResponse().setRef("package"),
      invoke: (request) => {
        const inputs = request.getArgs().toJavaScript();
        const answer = standIns.call({ token: request.getTok(), inputs, provider: request.getProvider() });
        return new messages.ResourceInvokeResponse().setReturn(structOf(answer));
      },
      registerResourceOutputs: () => new Empty(),
      signalAndWaitForShutdown: () => new Empty(),
    },
  };
  const { port, stop } = await servePulumi([ofEngine, ofMonitor]);
  return { address: `127.0.0.1:${port}`, errors, count: () => count, stop };
}
