/** Invented visitors of an invented shop: addresses, browsers and pages that the samples share. */
import type { Random } from "./random";

/** From the ranges that RFC 5737 and RFC 3849 keep for documentation. */
export function address(random: Random): string {
  if (random.chance(8)) return `2001:db8::${random.hex(1 + random.below(4))}`;
  return `${random.pick(["192.0.2", "198.51.100", "203.0.113"])}.${1 + random.below(254)}`;
}

export const pages = [
  "/",
  "/products",
  "/products/17",
  "/cart",
  "/products/42?ref=search",
  "/search?q=blue+shoes&page=2",
  "/static/app.css",
  "/static/app.js",
  "/images/hero.webp",
  "/login",
  "/checkout",
  "/api/stock/42",
  "/favicon.ico",
  "/robots.txt",
  "/wp-login.php",
  "/.env",
] as const;

export const browsers = [
  "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36",
  "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1",
  "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0",
  "Mozilla/5.0 (compatible; ExampleBot/2.1; +https://bot.example.org/)",
  "curl/8.5.0",
  "-",
] as const;

export const people = ["jane", "ahmed", "li.wei", "maria", "jane doe", "ops@example.org"] as const;
