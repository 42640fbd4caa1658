/** The times that AWS writes into the names of log objects, all in UTC. */

const forms: readonly RegExp[] = [
  // ALB, CLB, NLB, CloudTrail, VPC flow logs, WAF: …_20260301T0905Z_…; Firehose's and S3's: …2026-03-01-09-08-07-…
  /(?<![\d-])(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)?Z/,
  /(?<!\d)(\d{4})-(\d\d)-(\d\d)-(\d\d)-(\d\d)-(\d\d)(?!\d)/,
  // CloudFront: ID.2026-03-01-09.hash.gz
  /\.(\d{4})-(\d\d)-(\d\d)-(\d\d)\.[0-9a-f]+/,
];

/** The time in a name's last part in milliseconds since 1970; undefined where it has none. */
export function timeInName(key: string): number | undefined {
  const name = key.slice(key.lastIndexOf("/") + 1);
  for (const form of forms) {
    const match = form.exec(name);
    if (!match) continue;
    const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match
      .slice(1)
      .map((text) => Number(text ?? 0));
    const ms = Date.UTC(year, month - 1, day, hour, minute, second);
    const isTime = month >= 1 && month <= 12 && new Date(ms).getUTCDate() === day && hour < 24 && minute < 60;
    if (isTime) return ms;
  }
  return undefined;
}
