/** Which documents have a field, where many have other fields than others. */
import assert from "node:assert/strict";
import { smallIndex } from "../small-index";

const fields = ["a", "b", "c", "d"];

/** Every set of fields once, the empty one last: the first document has all. */
const documents = Array.from({ length: 2 ** fields.length }, (_, at) => {
  const has = 2 ** fields.length - 1 - at;
  return Object.fromEntries(fields.filter((_, bit) => has & (1 << bit)).map((name) => [name, "x"]));
});
const placesOf = (passes: (document: object) => boolean) =>
  documents.flatMap((document, place) => (passes(document) ? [place] : []));

describe("documents of many shapes", () => {
  const index = smallIndex(documents);

  for (const name of fields) {
    it(`that have ${name} are found, and those that have it not`, () => {
      assert.deepEqual(
        index.find(`_exists_:${name}`),
        placesOf((document) => name in document),
      );
      assert.deepEqual(
        index.find(`NOT _exists_:${name}.keyword AND *`),
        placesOf((document) => !(name in document)),
      );
    });
  }

  it("are found whatever the first shape had", () => {
    const turned = smallIndex(documents.toReversed());
    const places = placesOf((document) => "a" in document).map((place) => documents.length - 1 - place);
    assert.deepEqual(turned.find("_exists_:a"), places.toReversed());
  });
});
