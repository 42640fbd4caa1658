/**
 * What of a question asks several things of the same tokens: the words of a text, and those that its whole value must
 * have; the beginnings of values that pass for certain, and of those that may. One walk through the tokens finds the
 * records for all of them.
 */
import { RecordSet } from "../file/record-set";
import type { TokenMachine, TokenRange, TokenTests } from "../file/token-segments";
import { none, open, TextMachine } from "../query/text-machine";
import type { Expression, Leaf, TokensLeaf } from "./token-expressions";

/** Bits that a machine or a test has for those that it stands for. */
const mostTogether = 8;

type Tokens = Leaf & TokensLeaf;

/** One range of tokens, with a set for each of those who ask for it. */
interface Together {
  readonly range: TokenRange;
  readonly sets: ReadonlyMap<Leaf, RecordSet>;
}

export class ReadTogether {
  private readonly found = new Map<Leaf, Together>();
  private readonly read = new Set<Together>();

  constructor(expressions: readonly Expression[]) {
    const asking = new Map<string, Set<Tokens>>();
    for (const leaf of expressions.flatMap(leavesOf)) {
      if (!isSelective(leaf)) continue;
      const tokens = JSON.stringify([leaf.first, leaf.end, leaf.skipped, leaf.machine === undefined]);
      asking.set(tokens, (asking.get(tokens) ?? new Set()).add(leaf));
    }
    for (const leaves of asking.values()) {
      if (leaves.size < 2 || leaves.size > mostTogether) continue;
      const together = togetherOf([...leaves]);
      for (const leaf of leaves) this.found.set(leaf, together);
    }
  }

  /** What is to be read for it, in the place of its own range; undefined: nothing else asks for its tokens. */
  rangeFor(leaf: Leaf): TokenRange | undefined {
    return this.found.get(leaf)?.range;
  }

  /** Its records, once they were read for it or for another. */
  known(leaf: Leaf): RecordSet | undefined {
    const together = this.found.get(leaf);
    return together !== undefined && this.read.has(together) ? together.sets.get(leaf) : undefined;
  }

  noteRead(leaf: Leaf): void {
    const together = this.found.get(leaf);
    if (together !== undefined) this.read.add(together);
  }
}

const leavesOf = ({ leaf, parts }: Expression): Leaf[] =>
  leaf === undefined ? parts.flatMap(leavesOf) : [leaf];

/** What only narrows a set may never be read. */
function isSelective(leaf: Leaf): leaf is Tokens {
  return leaf.kind === "tokens" && (leaf.machine ?? leaf.test) !== undefined && leaf.narrows !== true;
}

function togetherOf(leaves: readonly Tokens[]): Together {
  const { first, end, skipped = 0 } = leaves[0] as Tokens;
  const sets = new Map(leaves.map((leaf): [Leaf, RecordSet] => [leaf, new RecordSet()]));
  const passingBytes = Math.min(...leaves.map((leaf) => leaf.passingBytes ?? Number.POSITIVE_INFINITY));
  const longFor = bitsOf(leaves, (leaf) => leaf.passingBytes !== undefined);
  const [machines, tests] = [leaves.map(({ machine }) => machine), leaves.map(({ test }) => test)];
  const passing = machines.every((machine) => machine !== undefined)
    ? { machine: joinedMachine(machines), passingBytes, longFor }
    : { test: joinedTest(tests as TokenTests[]) };
  return { range: { first, end, skipped, ...passing, into: [...sets.values()] }, sets };
}

/** Several tests as one that has a bit for each. */
function joinedTest(tests: readonly TokenTests[]): TokenTests {
  return (bytes, begin, end) => {
    let bits = 0;
    for (let at = 0; at < tests.length; at++)
      bits |= Number((tests[at] as TokenTests)(bytes, begin, end)) << at;
    return bits;
  };
}

function bitsOf<T>(all: readonly T[], isSet: (one: T, at: number) => boolean | number): number {
  return all.reduce((bits, one, at) => bits | (Number(Boolean(isSet(one, at))) << at), 0);
}

/** Several machines as one that has a bit for each. */
export function joinedMachine(machines: readonly TokenMachine[]): TextMachine<readonly number[]> {
  const start = machines.map((machine) => machine.start);
  const plan = {
    start,
    after(states: readonly number[], byte: number) {
      const next = machines.map(({ steps }, at) => {
        const state = states[at] as number;
        return steps[(state << 8) | byte] || (machines[at] as TokenMachine).learn(state, byte);
      });
      if (next.includes(open)) return open;
      return next.every((state) => state === none) ? undefined : next;
    },
    passes: (states: readonly number[]) =>
      bitsOf(machines, ({ passing }, at) => passing[states[at] as number] as number),
    bytesNeeded: (states: readonly number[]) =>
      Math.min(...machines.map(({ needed }, at) => needed[states[at] as number] as number)),
    nameOf: (states: readonly number[]) => states.join(" "),
  };
  const test = (text: string) => bitsOf(machines, (machine) => machine.test(text));
  return new TextMachine(start.includes(open) ? undefined : plan, test);
}
