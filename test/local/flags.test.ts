import { strict as assert } from "node:assert";
import { cannotListen, exitCodeOf, UserError } from "../../local/errors";
import { readFlags } from "../../local/flags";

/** The exit code of a command line; undefined where it is taken. Commander prints the reason itself. */
function codeOf(...args: string[]): number | undefined {
  const { write } = process.stderr;
  process.stderr.write = () => true;
  try {
    readFlags(["node", "main", ...args], (code) => {
      throw Object.assign(new Error("exit"), { code });
    });
    return undefined;
  } catch (error) {
    return (error as { code: number }).code;
  } finally {
    process.stderr.write = write;
  }
}

describe("the flags of npm start", () => {
  it("have defaults, and are taken as they are given", () => {
    const flags = readFlags(["node", "main", "--data", "d", "--set", "a=1", "--set", "b=2"], () =>
      assert.fail(),
    );
    assert.deepEqual(flags, {
      firehosePort: 4573,
      dashboardPort: 5601,
      data: "d",
      queryTimeoutSeconds: 10,
      set: ["a=1", "b=2"],
      standIn: [],
      fresh: false,
      watch: false,
      json: false,
    });
  });

  it("let a debugger in at a port, or at the usual one", () => {
    const flagsOf = (...args: string[]) => readFlags(["node", "main", ...args], () => assert.fail());
    assert.equal(flagsOf("--inspect").inspect, 9229);
    assert.equal(flagsOf("--inspect=9300").inspect, 9300);
    assert.deepEqual([flagsOf("--inspect-wait").inspectWait, flagsOf().inspect], [9229, undefined]);
    assert.equal(codeOf("--inspect=no"), 2);
  });

  it("end with 2 where one cannot be: an empty text would be the whole machine, or another folder", () => {
    for (const flag of [
      "--data",
      "--host",
      "--stack",
      "--program",
      "--opensearch",
      "--firehose-port",
      "--dashboard-port",
    ]) {
      assert.equal(codeOf(flag, ""), 2, flag);
      assert.equal(codeOf(flag, "  "), 2, flag);
    }
    for (const port of ["65536", "-1", "1.5", "0x50", "many"])
      assert.equal(codeOf("--firehose-port", port), 2);
    assert.equal(codeOf("--nonsense"), 2);
    assert.equal(codeOf("something"), 2);
    assert.equal(codeOf("--firehose-port", "0"), undefined);
  });
});

describe("a server that cannot listen", () => {
  const at = { what: "Dashboard", port: 80, flag: "--dashboard-port", host: "8.8.8.8" };
  const problem = (code: string) => cannotListen(at, Object.assign(new Error(code), { code }));

  it("is told in one line with what to type, and ends with 2 where something was typed that cannot be", () => {
    for (const [code, text, exitCode] of [
      [
        "EACCES",
        /^Dashboard: port 80 may be opened by the system's administrator only\..*--dashboard-port PORT/,
        2,
      ],
      ["EADDRNOTAVAIL", /^--host 8\.8\.8\.8 is no address of this machine\./, 2],
      ["ENOTFOUND", /^--host 8\.8\.8\.8 is no address of this machine\./, 2],
      ["EADDRINUSE", /^Dashboard: port 80 is in use\./, 1],
    ] as const) {
      const error = problem(code);
      assert.ok(error instanceof UserError);
      assert.match(error.message, text);
      assert.equal(exitCodeOf(error), exitCode);
    }
    assert.ok(!(problem("EMFILE") instanceof UserError));
  });
});
