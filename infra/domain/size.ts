/** Rules on the size of a domain. */

/** Zones that `instanceCount` nodes spread over evenly: 1, 2 or 3; undefined where no even spread exists. */
export function zonesFor(instanceCount: number): 1 | 2 | 3 | undefined {
  if (instanceCount === 1) return 1;
  if (instanceCount % 2 === 0) return 2;
  return instanceCount % 3 === 0 ? 3 : undefined;
}

/** What is allowed, where an instance type cannot be had: fine-grained access control and encryption need a newer one. */
export function instanceProblem(instanceType: string): string | undefined {
  if (!/^[a-z0-9]+\.[a-z0-9]+\.search$/.test(instanceType)) return "an instance type such as t3.small.search";
  if (/^(t2|m3|r3|i2)\./.test(instanceType))
    return "a type with encryption at rest, such as t3.small.search, not t2, m3, r3 or i2";
  if (/^(i3|i4|r6gd|im4gn)/.test(instanceType))
    return "a type that takes EBS volumes, such as m7g.large.search";
  return undefined;
}

/**
 * Bytes that the domain takes in one request: 10 MiB on small types, 100 MiB else. Firehose may send a buffer as
 * one request, so the buffer is to be smaller.
 */
export const maxRequestMiB = (instanceType: string): number =>
  /\.(micro|small|medium)\./.test(instanceType) || /^m[45]\.large\./.test(instanceType) ? 10 : 100;
