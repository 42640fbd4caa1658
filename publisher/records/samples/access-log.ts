/** Lines of a web server in Combined Log Format, among them what no parser expects; each tenth one of an ALB. */
import type { Random } from "./random";
import { address, browsers, pages, people } from "./visitors";

const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const two = (n: number): string => String(n).padStart(2, "0");

export function accessLogLine(random: Random, ms: number): string {
  return random.chance(10) ? albLine(random, ms) : combinedLine(random, ms);
}

export function combinedLine(random: Random, ms: number): string {
  const at = new Date(ms);
  const day = `${two(at.getUTCDate())}/${months[at.getUTCMonth()]}/${at.getUTCFullYear()}`;
  const time = `${day}:${at.toISOString().slice(11, 19)} +0000`;
  const user = random.chance(4) ? random.pick(people) : "-";
  if (random.chance(1)) {
    const odd = random.pick([
      '"\\x16\\x03\\x01\\x02" 400 157',
      '"-" 408 -',
      '"GET  /two blanks HTTP/1.1" 400 1',
    ]);
    return `${address(random)} - - [${time}] ${odd} "-" "-"`;
  }
  const page = random.skewed(pages);
  const { status, bytes } = answer(random, page);
  const referrer = random.chance(40) ? `https://shop.example.org${random.skewed(pages)}` : "-";
  const request = `${method(random, page)} ${page} HTTP/1.1`;
  return `${address(random)} - ${user} [${time}] "${request}" ${status} ${bytes} "${referrer}" "${random.skewed(browsers)}"`;
}

function albLine(random: Random, ms: number): string {
  const page = random.skewed(pages);
  const { status, bytes } = answer(random, page);
  const seconds = () => (random.below(400) / 1000).toFixed(3);
  const target = random.chance(97) ? `10.0.${random.below(4)}.${1 + random.below(250)}:8080` : "-";
  const times = target === "-" ? "-1 -1 -1" : `0.00${random.below(9)} ${seconds()} 0.000`;
  const time = new Date(ms).toISOString().replace("Z", "000Z");
  return [
    `https ${time} app/shop/0123456789abcdef ${address(random)}:${1024 + random.below(60_000)} ${target} ${times}`,
    `${target === "-" ? 502 : status} ${target === "-" ? "-" : status} ${200 + random.below(900)} ${bytes === "-" ? 0 : bytes}`,
    `"${method(random, page)} https://shop.example.org:443${page} HTTP/2.0" "${random.skewed(browsers)}"`,
    "TLS_AES_128_GCM_SHA256 TLSv1.3 arn:aws:elasticloadbalancing:eu-west-1:111122223333:targetgroup/shop/0123456789abcdef",
    `"Root=1-${random.hex(8)}-${random.hex(24)}" "shop.example.org" "-" 1 ${time} "forward" "-" "-" "${target}" "${status}" "-" "-"`,
    `TID_${random.hex(32)}`,
  ].join(" ");
}

const method = (random: Random, page: string): string =>
  page === "/checkout" || (page === "/login" && random.chance(60)) ? "POST" : "GET";

function answer(random: Random, page: string): { status: number; bytes: number | "-" } {
  if (page === "/.env" || page === "/wp-login.php") return { status: 404, bytes: 153 };
  if (random.chance(1)) return { status: random.pick([500, 502, 503]), bytes: 497 };
  if (page.startsWith("/static") && random.chance(50)) return { status: 304, bytes: "-" };
  return { status: page === "/login" ? 302 : 200, bytes: 200 + random.below(40_000) };
}
