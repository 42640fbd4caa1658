/** Makes the pictures of the README and the docs anew: `npm run pictures`, or `npm run pictures -- film` for that alone. */
import { launchBrowser, missingBrowser } from "../test/real/page-run";
import { makeFilm } from "./film/film";
import { takeScreenshots } from "./screenshots";

async function main(only: string | undefined): Promise<void> {
  const missing = missingBrowser();
  if (missing !== undefined) throw new Error(missing);
  const browser = await launchBrowser();
  try {
    if (only !== "film") await takeScreenshots(browser);
    if (only !== "pages") await makeFilm(browser);
  } finally {
    await browser.close();
  }
}

main(process.argv[2]).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
