/** The page as a screen reader has it: what each control is called, and which state is told of it. */
import assert from "node:assert/strict";
import { pageOverServer } from "./page-over-server";

interface Node {
  readonly ignored: boolean;
  readonly role?: { readonly value: string };
  readonly name?: { readonly value: string };
  readonly description?: { readonly value: string };
  readonly properties?: readonly { readonly name: string; readonly value: { readonly value: unknown } }[];
}

const controls = ["button", "link", "combobox", "searchbox", "textbox", "checkbox", "DisclosureTriangle"];

describe("the page's controls, as they are read aloud", () => {
  const suite = pageOverServer();

  async function read(): Promise<readonly Node[]> {
    await suite.calm();
    const session = await suite.page.context().newCDPSession(suite.page);
    const { nodes } = (await session.send("Accessibility.getFullAXTree")) as { nodes: readonly Node[] };
    await session.detach();
    return nodes.filter(({ ignored, role }) => !ignored && controls.includes(role?.value ?? ""));
  }
  const nameOf = (node: Node): string => node.name?.value ?? "";
  const named = (nodes: readonly Node[], name: string): Node => {
    const found = nodes.filter((node) => nameOf(node) === name);
    assert.equal(found.length, 1, `${name} among ${nodes.map(nameOf).join(" | ")}`);
    return found[0]!;
  };
  const stateOf = ({ properties = [] }: Node, state: string): unknown =>
    properties.find(({ name }) => name === state)?.value.value;

  it("have names that say what they do, each its own, and tell what is pressed and open", async () => {
    for (const status of [500, 200]) suite.dashboard.searcher.add(JSON.stringify({ message: "bye", status }));
    await suite.go("?range=all&col=status&sort=status:desc&f=status:%3E%3D200");
    await suite.shows("[data-total]", "2");
    await suite.page.locator(".fields summary", { hasText: "message" }).click();
    await suite.page.locator(".columns tbody button").first().waitFor();

    const nodes = await read();

    assert.deepEqual(nodes.filter((node) => !/[a-z]{2}/i.test(nameOf(node))).map(nameOf), []);
    const said = nodes
      .filter((node) => !nameOf(node).startsWith("Document of "))
      .map((node) => `${nameOf(node)} (${node.description?.value ?? ""})`);
    assert.deepEqual(
      said.filter((one, place) => said.indexOf(one) !== place),
      [],
    );
    assert.equal(stateOf(named(nodes, "message as a column"), "pressed"), "false");
    assert.equal(stateOf(named(nodes, "only with it: message"), "pressed"), undefined);
    named(nodes, "Export as CSV");
    assert.deepEqual(
      nodes
        .filter((node) => nameOf(node).startsWith("Document of "))
        .map((node) => stateOf(node, "expanded")),
      [false, false],
    );
    await suite.fitsEveryone("names");
    const sorted = suite.page.locator("th", { hasText: "status" });
    assert.equal(await sorted.getAttribute("aria-sort"), "descending");
  });

  it("do not call the query wrong where the time's ends are crossed", async () => {
    await suite.go("?from=now&to=-1h");
    await suite.page.locator("#time-problem", { hasText: "The ends are crossed" }).waitFor();

    const nodes = await read();

    assert.equal(stateOf(named(nodes, "From"), "invalid"), "true");
    assert.equal(stateOf(named(nodes, "Query"), "invalid"), "false");
    assert.equal(await suite.page.locator("#query-error").count(), 0);
  });
});
