/** Clicks of a shop: JSON objects with their time in seconds, milliseconds or as text, as browsers and servers send them. */
import type { Random } from "./random";
import { address, browsers, pages } from "./visitors";

export function jsonEvent(random: Random, ms: number): string {
  const event = random.skewed(["page_view", "click", "add_to_cart", "search", "purchase", "error"]);
  const time = random.pick([
    { ts: Math.floor(ms / 1000) },
    { timestamp: ms },
    { time: new Date(ms).toISOString() },
  ]);
  const page = random.skewed(pages);
  return JSON.stringify({
    ...time,
    event,
    page,
    session: random.hex(16),
    visitor: { id: `v-${random.below(5000)}`, ip: address(random), agent: random.skewed(browsers) },
    ...(event === "click" && {
      target: random.pick(["#buy", "#menu", "#logo"]),
      x: random.below(1280),
      y: random.below(720),
    }),
    ...(event === "search" && { "query.text": random.pick(["blue shoes", "rain coat", "café"]) }),
    ...(event === "purchase" && {
      order: `o-${random.below(1e6)}`,
      total: random.below(50_000) / 100,
      currency: "EUR",
    }),
    ...(event === "error" && { message: "TypeError: x is undefined", "": "an empty key" }),
  });
}
