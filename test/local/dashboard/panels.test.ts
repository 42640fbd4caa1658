/** Panels that are made on the page: through the API, kept in a folder. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { keptPanels, PanelBoard } from "../../../local/panel-board";
import { temporaryFolder } from "../fakes";
import { DashboardOfTest, plan } from "./dashboard-of-test";

const json = { "content-type": "application/json" };
const ofProgram = plan.streams[0]!.panels;

describe("the panels of a stream", () => {
  let dashboard: DashboardOfTest;
  let folder: string;
  let said: string[];

  beforeEach(async function () {
    folder = temporaryFolder(this);
    writeFileSync(join(folder, "other"), "");
    said = [];
    dashboard = new DashboardOfTest();
    await dashboard.start({ panels: new PanelBoard(folder, ofProgram, undefined, dashboard.searcher) });
    dashboard.searcher.add('{"message":"bye"}');
  });
  afterEach(() => dashboard.close());

  const kept = () => keptPanels(folder, (text) => said.push(text));

  async function post(body: unknown, headers: Record<string, string> = json) {
    const text = typeof body === "string" ? body : JSON.stringify(body);
    const response = await fetch(`${dashboard.url}/api/panels`, { method: "POST", headers, body: text });
    return { status: response.status, json: (await response.json()) as Record<string, never> };
  }

  const shown = ({ json: { panels } }: { json: Record<string, never> }) =>
    (panels as unknown as { title: string; count: number }[]).map(({ title, count }) => `${title} ${count}`);

  it("are counted and kept as they were handed in, and given back to the program when told", async () => {
    const changed = await post({
      panels: [
        { title: " all ", query: "" },
        { title: "seen", query: "bye" },
      ],
    });

    assert.deepEqual([changed.status, shown(changed)], [200, ["all 1", "seen 1"]]);
    assert.deepEqual(kept(), [
      { title: "all", query: "" },
      { title: "seen", query: "bye" },
    ]);
    const listed = await dashboard.get("/api/panels");
    assert.deepEqual([listed.json.kept, listed.json.version, listed.json.mayChange], [true, 1, true]);
    assert.deepEqual(listed.json.ofProgram, ofProgram);

    assert.deepEqual(shown(await post({ panels: null })), ["total 1", "bye 1", "hello 0"]);
    assert.deepEqual([kept(), readdirSync(folder)], [undefined, ["other"]]);
  });

  it("split the histogram from then on", async () => {
    await post({ panels: [{ title: "seen", query: "bye" }] });

    const { json: answer } = await dashboard.get("/api/histogram?split=panels");

    assert.deepEqual(
      answer.series.map(({ title }: { title: string }) => title),
      ["", "seen"],
    );
  });

  for (const [what, body, said] of [
    ["no JSON", "{", /no JSON/],
    ["none", { panels: [] }, /1 to 12/],
    ["too many", { panels: Array.from({ length: 13 }, (_, k) => ({ title: `${k}`, query: "" })) }, /1 to 12/],
    ["no title", { panels: [{ title: " ", query: "" }] }, /panels\[0\]\.title is "", allowed are 1 to 60/],
    ["a sign that divides title and query", { panels: [{ title: "a=b", query: "" }] }, /without "="/],
    [
      "a title twice",
      {
        panels: [
          { title: "a", query: "" },
          { title: "a ", query: "b" },
        ],
      },
      /two panels are called a/,
    ],
    ["a wrong query", { panels: [{ title: "a", query: "(" }] }, /panels\[0\]\.query: /],
    ["no text", { panels: [{ title: "a", query: 5 }] }, /title and query, both texts/],
  ] as const) {
    it(`are not changed by a list with ${what}`, async () => {
      const { status, json: answer } = await post(body);

      assert.equal(status, 400);
      assert.match((answer["error"] as unknown as { message: string }).message, said);
      assert.equal(kept(), undefined);
      assert.equal((await dashboard.get("/api/panels")).json.version, 0);
    });
  }

  it("are taken from the page's own origin alone, in the type that no form can send", async () => {
    const body = { panels: [{ title: "a", query: "" }] };

    assert.equal((await post(body, { ...json, origin: "http://evil.example" })).status, 403);
    assert.equal((await post(body, { "content-type": "text/plain" })).status, 415);
    assert.equal(kept(), undefined);
  });

  it("cannot be changed where nothing keeps them, nor from the network", async () => {
    await dashboard.close();
    await dashboard.start();

    assert.equal((await post({ panels: null })).status, 405);
    assert.equal((await dashboard.get("/api/panels")).json.mayChange, false);
  });

  it("are the program's where what is kept cannot be read, and that is said", () => {
    for (const text of ["", "{}", '{"panels":[{"title":1,"query":""}]}']) {
      writeFileSync(join(folder, "panels.json"), text);
      assert.equal(kept(), undefined);
    }

    assert.equal(said.length, 3);
    assert.match(said[0]!, /panels\.json holds no panels that can be read/);
    assert.ok(readFileSync(join(folder, "panels.json"), "utf8").length > 0, "it is left as it is");
  });

  it("are written as a stack and a component take them", () => {
    const { commandsOf, argumentOf } = require("../../../local/dashboard/page/panel-lines.js");
    const panels = [
      { title: "all", query: "" },
      { title: "its own", query: 'message:"it\'s"' },
    ];

    assert.equal(
      commandsOf(panels),
      [
        "npx pulumi config rm panels",
        "npx pulumi config set --path 'panels[0]' 'all'",
        "npx pulumi config set --path 'panels[1]' 'its own = message:\"it'\\''s\"'",
      ].join("\n"),
    );
    assert.equal(argumentOf(panels), 'panels: ["all","its own = message:\\"it\'s\\""]');
  });
});
