/**
 * Which engine a domain can be upgraded to where it stands.
 * @see https://docs.aws.amazon.com/opensearch-service/latest/developerguide/version-migration.html
 */
import { choose, type Origin } from "../origin";

const parse = (engineVersion: string) => {
  const [engine, major, minor] = engineVersion.split(/[_.]/);
  return { isOpenSearch: engine === "OpenSearch", major: Number(major), minor: Number(minor) };
};

/**
 * The versions to go through from one to the other, the last of them `to`: empty where it is the same. Undefined
 * where no way leads there: AWS downgrades nothing.
 */
export function upgradeSteps(from: string, to: string): readonly string[] | undefined {
  if (from === to) return [];
  const [now, wanted] = [parse(from), parse(to)];
  if (!wanted.isOpenSearch) return undefined;
  if (!now.isOpenSearch) {
    // Elasticsearch 7.10 becomes OpenSearch 1.x, and goes on from there.
    return wanted.major === 1 ? [to] : ["OpenSearch_1.3", ...(upgradeSteps("OpenSearch_1.3", to) ?? [])];
  }
  if (wanted.major < now.major || (wanted.major === now.major && wanted.minor < now.minor)) return undefined;
  const isLastTwo = now.major === 2 && now.minor === 19;
  if (wanted.major >= 3 && now.major < 3 && !isLastTwo) return ["OpenSearch_2.19", to];
  return [to];
}

/** What is wrong with the version for a domain that runs another one, and what works; undefined: nothing is. */
export function upgradeProblem(running: string, wanted: string, origin: Origin): string | undefined {
  const steps = upgradeSteps(running, wanted);
  if (steps && steps.length <= 1) return undefined;
  const head = `The domain runs ${running}, and AWS cannot upgrade it to ${wanted} in place. Nothing was changed.`;
  if (!steps) {
    return `${head} There is no way back: set engineVersion to ${running} or later, or make a second domain with ${wanted} (docs/operations.md, "Upgrade the engine").`;
  }
  const and = origin === "configuration" ? "&&" : "and";
  const commands = steps.map((step) => `${choose(origin, "engineVersion", step)} ${and} pulumi up`);
  return `${head} Go in steps, and look at the domain after each: ${commands.join("; then ")} (docs/operations.md, "Upgrade the engine").`;
}
