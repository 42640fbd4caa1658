/** What CloudWatch makes of a stack's metrics, of its functions' logs, and of its alarms. */
import { runInNewContext } from "node:vm";
import type { Evaluated, Inputs } from "../../infra/evaluate";

interface Sample {
  readonly atMs: number;
  readonly value: number;
}

export class Metrics {
  private readonly series = new Map<string, Sample[]>();

  constructor(private readonly filters: readonly Inputs[]) {}

  /** @param of what the metric's one dimension names; empty for a metric without any */
  record(namespace: string, metric: string, of: string, { atMs, value }: Sample): void {
    const key = `${namespace} ${metric} ${of}`;
    const samples = this.series.get(key) ?? [];
    samples.push({ atMs, value });
    this.series.set(key, samples);
  }

  /** Makes metrics of a line as the group's filters say. @param message what the function logged */
  logged(logGroupName: string, message: unknown, atMs: number): void {
    for (const { logGroupName: group, pattern, metricTransformation } of this.filters) {
      if (group !== logGroupName || !isMatch(pattern, { message })) continue;
      const { namespace, name, value } = metricTransformation;
      this.record(namespace, name, "", { atMs, value: Number(valueAt(value, { message })) });
    }
  }

  /** Undefined: no value came in that period, its end not included. */
  statistic(
    { namespace, metricName, dimensions = {} }: Inputs,
    statistic: string,
    fromMs: number,
    toMs: number,
  ): number | undefined {
    const { ClientId: _, ...one } = dimensions as Record<string, string>;
    const key = `${namespace} ${metricName} ${Object.values(one).join()}`;
    const values = (this.series.get(key) ?? [])
      .filter(({ atMs }) => atMs >= fromMs && atMs < toMs)
      .map(({ value }) => value);
    return values.length === 0 ? undefined : statistics[statistic]!(values);
  }
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
const statistics: Readonly<Record<string, (values: readonly number[]) => number>> = {
  Sum: sum,
  Average: (values) => sum(values) / values.length,
  Maximum: (values) => Math.max(...values),
  Minimum: (values) => Math.min(...values),
};

/** @param path such as `$.message.probe.lost` */
function valueAt(path: string, line: unknown): unknown {
  const names = path.replace(/^\$\./, "").split(".");
  return names.reduce((at, name) => (at as Record<string, unknown> | undefined)?.[name], line);
}

/**
 * The part of the patterns for JSON that this program writes: `{ $.a.b = "c" && $.d >= 0 }`.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
 */
function isMatch(pattern: string, line: unknown): boolean {
  const [, inner] = /^\{(.*)\}$/.exec(pattern)!;
  return inner!.split("&&").every((part) => {
    const [, path, operator, literal] = /^\s*(\S+)\s+(=|>=|>)\s+(.+?)\s*$/.exec(part)!;
    const value = valueAt(path!, line);
    if (value === undefined) return false;
    const wanted = JSON.parse(literal!);
    if (operator === "=") return value === wanted;
    return operator === ">" ? Number(value) > wanted : Number(value) >= wanted;
  });
}

const comparisons: Readonly<Record<string, (value: number, threshold: number) => boolean>> = {
  GreaterThanThreshold: (value, threshold) => value > threshold,
  GreaterThanOrEqualToThreshold: (value, threshold) => value >= threshold,
  LessThanOrEqualToThreshold: (value, threshold) => value <= threshold,
};

/** Metric math, as far as the rules speak it. A series without a value in the period is undefined. */
const functions = {
  IF: (condition: boolean, then: number, otherwise: number) => (condition ? then : otherwise),
  FILL: (value: number | undefined, instead: number) => value ?? instead,
};

/**
 * An alarm as the program makes it. Its periods are whole ones of the clock, and each is looked at when it is over:
 * CloudWatch may tell earlier, and tells no later.
 */
export class Alarm {
  /** Role of its rule, such as `probe`. */
  readonly role: string;
  private readonly inputs: Inputs;

  /** @param prefix of the names of all alarms of the stream */
  constructor({ name, inputs }: Evaluated, prefix: string) {
    this.role = name.slice(prefix.length);
    this.inputs = inputs;
  }

  get periodMs(): number {
    const { period, metricQueries = [] } = this.inputs;
    return 1000 * (period ?? metricQueries.find((query: Inputs) => query["metric"])["metric"].period);
  }

  /** Whether it rings when the period is over that ends then. */
  isRinging(metrics: Metrics, endMs: number): boolean {
    const { evaluationPeriods, threshold, comparisonOperator, treatMissingData } = this.inputs;
    return Array.from({ length: evaluationPeriods }, (_, n) => endMs - n * this.periodMs).every((toMs) => {
      const value = this.valueOf(metrics, toMs - this.periodMs, toMs);
      if (value === undefined) return treatMissingData === "breaching";
      return comparisons[comparisonOperator]!(value, threshold);
    });
  }

  private valueOf(metrics: Metrics, fromMs: number, toMs: number): number | undefined {
    const { metricQueries, statistic } = this.inputs;
    if (!metricQueries) return metrics.statistic(this.inputs, statistic, fromMs, toMs);
    const values = (metricQueries as Inputs[])
      .filter(({ metric }) => metric)
      .map(({ id, metric }) => [id, metrics.statistic(metric, metric.stat, fromMs, toMs)] as const);
    if (values.every(([, value]) => value === undefined)) return undefined;
    const { expression } = metricQueries.find((query: Inputs) => query["returnData"]);
    return runInNewContext(expression, { ...functions, ...Object.fromEntries(values) });
  }
}
