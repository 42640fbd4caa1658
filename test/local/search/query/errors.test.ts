/** What a person is told about a query that cannot be read: where, and what to write instead. */
import assert from "node:assert/strict";
import { QueryError } from "../../../../local/rooms";
import { parseQuery } from "../../../../local/search/query/parse";

const errorFacts: readonly (readonly [id: string, query: string, position: number, told: RegExp])[] = [
  ["[B67]", "path:/index", 5, /begins a regular expression.*write \\\/ or put the value in quotes/],
  ["[B67]", "jobType:(1/2 day)", 10, /begins a regular expression/],
  ["[B68]", "client_ip:2001:db8::7", 14, /a colon follows.*write \\: or put the value in quotes/],
  ["[B69]", "status:[400 to 499]", 12, /a range is written \[400 TO 499\], with TO in capitals/],
  ["[B69]", "{1 to", 3, /TO in capitals/],
  ["[B70]", "[ERROR] disk", 6, /write \\\[ for a bracket that is text/],
  ["[B70]", "Eugene, OR", 10, /ends after an operator/],
  ["[B70]", "status:", 7, /a field needs a value/],
  ["[B70]", "(a", 0, /is not closed/],
  ["[B70]", 'say "open', 4, /a quote is not closed/],
  ["[B70]", "a\\", 1, /nothing to escape/],
  ["[B70]", "a)", 1, /"\)" is not expected here/],
];

describe("a query that cannot be read", () => {
  for (const [id, query, position, told] of errorFacts) {
    it(`is told where it stops and what to write: ${query} ${id}`, () => {
      assert.throws(
        () => parseQuery(query),
        (error: unknown) => {
          assert.ok(error instanceof QueryError);
          assert.equal(error.problem.position, position);
          assert.match(error.problem.message, told);
          assert.ok(
            error.problem.message.startsWith(`Cannot parse the query at character ${position + 1}: `),
          );
          return true;
        },
      );
    });
  }
});
