/** What redaction has to leave as it is: at least 300 texts and objects that only look like secrets. */
import { neighbourObjects, neighbourTexts } from "./innocent-neighbours";
import { placeObjects, placeTexts } from "./innocent-places";

const sentences = `
user jane logged in from 192.0.2.1
invalid token: unexpected end of input
Unexpected token '<', "<!DOCTYPE "... is not valid JSON
SyntaxError: Unexpected token } in JSON at position 12
missing cookie: consent
password reset requested for user 4711
the password was changed 3 days ago
passwords must have at least 12 characters
forgot password? see /account/reset
Basic authentication is disabled
Basic understanding of tokens helps
Bearer authentication required
WWW-Authenticate: Bearer realm="shop", error="invalid_request"
Authorization server metadata fetched in 12 ms
authorization failed for user jane
cookie consent banner shown
tokenizer loaded 32000 tokens in 1.2 s
max_tokens=512 temperature=0.7 top_p=0.9
total_tokens=1532 prompt_tokens=1200
next_token=page2 limit=50
page_token=17&size=20
token_type=Bearer expires_in=3600
token count: 17
secretary: M. Jansen
the secret of good tea is time
secrets manager is healthy
arn:aws:secretsmanager:eu-west-1:111122223333:secret:prod/db-AbCdEf
SecretId=prod/db version=3
Secret::Manager::Client connected
if (token == null) return;
token === undefined
password != confirmation
cookies enabled
keyboard layout: nl
primary_key=id foreign_key=user_id
partition_key: customer
sort key: created_at
cache_key=cart:4711
keyspace notifications on
public_key=ssh-ed25519
key_id=2a108f19
keys: 12
passed: 14, failed: 0
pass rate 99.5 %
passenger: J. Jansen
bypass=true
compass: north
otpauth is not configured
GET /password/reset HTTP/1.1
GET /token HTTP/1.1
GET /api/v1/tokens?limit=10 HTTP/1.1
GET /cookies.html HTTP/1.1
POST /oauth/authorize?response_type=code&client_id=shop&state=xyz HTTP/1.1
https://example.org:8443/path?x=1
http://192.0.2.1:8080/a@b
git@github.com is not an address here
ssh://host.example.org:22/repo.git
npm install @scope/package@1.2.3
connecting to postgres://db.example.org:5432/shop
redis://cache:6379/0
image registry.example.org/shop/token:1.2.3 pulled
flow 40212 443 6 12 5126 ACCEPT
flow 40212 443 6 12 5120 ACCEPT
200 4512 33 120 0 12345 17
40212 443 6 12 5128 ACCEPT
order 4111 of 1111 shipped in 1111 boxes
2026-11-28 17:00:00 123 456 789
1795885200123 1795885200456 1795885200789
1795885200 1795885260 20 4249
phone 555 0100 ext 12
version 4.1.11.1111
trace 4bf92f3577b34da6a3ce929d0e0e4736
span 00f067aa0ba902b7
uuid 4d8c1111-1111-4111-8111-111111111111
sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
commit 2fd4e1c67a2d28fced849ee1bb76e7391b93eb12
ETag: "33a64df551425fcc55e4d42a148795d9f25f89d4"
rate 4.5111111111111111
balance 4111 1111 1111 1112
serial 378282246310006
id order_4111111111111111x
NL91 is not a whole number of a bank
NL00ABNA0417164300
DE00 3704 0044 0532 0130 00
US64SVBKUS6S3300958879
AB12CD34EF56GH78
-----BEGIN CERTIFICATE----- MIIB -----END CERTIFICATE-----
-----BEGIN PUBLIC KEY----- MIIB -----END PUBLIC KEY-----
User-Agent: curl/8.5.0
Accept: text/html, application/json;q=0.9
Content-Type: application/json; charset=utf-8
X-Request-Id: 84961386-6d84-929d-98bd-c5aee93b5c88
Cache-Control: max-age=3600
Set timeout=30 retries=3
java.lang.IllegalStateException: token expired
Traceback: KeyError: 'user'
at com.example.auth.TokenService.verify(TokenService.java:42)
at processTicksAndRejections (node:internal/process/task_queues:95:5)
WARN o.s.s.c.a.web.builders.HttpSecurity - cookie handling enabled
ERROR:  duplicate key value violates unique constraint "users_email_key"
DETAIL:  Key (id)=(4711) already exists.
[28/Nov/2026:17:00:00 +0000] "GET / HTTP/1.1" 200 5
kernel: [12345.678901] eth0: link up
sshd[123]: Accepted publickey for jane from 192.0.2.1 port 51341
sudo: pam_unix(sudo:session): session opened for user root
cron[99]: (root) CMD (run-parts /etc/cron.hourly)
level=info msg="served" path=/cart duration=12ms
time=2026-11-28T17:00:00Z lvl=warn event="slow query" rows=12
lambda REPORT RequestId: 3f8a Duration: 12.5 ms Billed Duration: 13 ms Memory Size: 512 MB
START RequestId: 3f8a Version: $LATEST
pool size: 10, active: 3
disk /dev/sda1 45 % of 100 GiB
temperature: 21.5
coordinates 52.3702157 4.8951679
mac 00:1a:2b:3c:4d:5e
ipv6 2001:db8::1:50718
ratio 16:9
at 17:00:00.123
cost: 12.50 EUR
isbn 978-3-16-148410-0
queue: orders, depth: 12
feature flag newCheckout=on
lang=nl theme=dark
Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0
{not json} but braces
[1, 2, 3
100 % of 20 done
<p>password</p> is a word of a page
--dry-run --verbose
--token-count 12
the key: to success
password is required
the token is invalid or has expired
secret was rotated yesterday
password reset link sent
api key rotation scheduled for monday
ps -u root
ls -u a:b
sorted by user-u
ratio 1.4111111111111111 of 3
host 10.4111.1111.1111 is none
signal sig=11 caught
passport=X1234567
spin=4711
bypass=yes4you1
pass=14 fail=0
pass: 14, fail: 0
pass: true
PASS: TestLogin2024
--- PASS: TestLogin2024 (0.00s)
first pass: optimizing loops
encoder pass=2 bitrate=500
boarding pass issued
gate pass: B12
proxy_pass http://backend2001;
render_pass=shadow2001
low_pass=200
session opened for user jane
session started2 by jane
session=4711
session=closed
session: closed
session_timeout=300000
rule sid=2000537 rev=3
S-1-5-21 account sid=S-1-5-21-1004336348-1177238915
ORACLE_SID=PRODDB01
inside=abcdef12
gpio pin=17
pin: 17, mode: output
pins=4711
shipping=4711
opinion: 4711
auth: publickey
auth=none
authority=web0001a
author=jane2001a
mkdir -p /srv/data1
docker run -p 8080:80 web
ssh -p 2222 web1.example.org
mysql -u root -p shop
mysql -h db -P 3306 shop
netstat -a -p tcp
grep -a x1 /var/log/syslog
nl91 is a room of 2001
nl91abna0417164301
de89370400440532013
see https://docs.example.org/auth#tokens
`;

const objects: readonly object[] = [
  { has_password: true, hasToken: false, password_required: true },
  { passwordResetAt: "2026-11-28T17:00:00Z", password_expired: false },
  { tokens: 512, total_tokens: 1024, max_tokens: 2048 },
  { tokens: ["the", "cart"], imagePullSecrets: [{ name: "registry" }], keys: ["id", "size"], passwords: 3 },
  { nextToken: "page2", page_token: "p3", continuationToken: "c4", clientToken: "c5" },
  { token_type: "Bearer", expires_in: 3600 },
  { token_count: 12, tokenizer: "bpe" },
  { cookie_consent: "all", cookiesEnabled: true },
  { secretary: "M. Jansen", secret_name: "prod/db", SecretId: "prod/db" },
  { secretArn: "arn:aws:secretsmanager:eu-west-1:111122223333:secret:prod/db-AbCdEf" },
  { authorizationStatus: "approved", authorized: true },
  { key: "value", name: "jane", value: 12 },
  { name: "theme", value: "dark" },
  { key: "region", value: "eu-west-1" },
  { name: "token_count", value: 17 },
  { primaryKey: "id", partition_key: "customer", public_key: "ssh-ed25519 AAAA" },
  { missing: ["password", "email"] },
  { fields: ["token", "cookie", "name", "value"] },
  { tags: ["secret", "public"] },
  { headers: ["Host", "a", "Accept", "*/*"] },
  { headers: [{ name: "Host", value: "shop.example.org" }] },
  { argv: ["ls", "-la", "--color", "auto"] },
  { id: 4711, amount: 19.99, at: 1795885200123 },
  { id: 12345678901234, big: 1795885200123456 },
  { passed: 14, failed: 0, bypass: false },
  { compass: "north", passenger: "J. Jansen" },
  { user: { name: "jane", id: "u-4711" } },
  { trace_id: "4bf92f3577b34da6a3ce929d0e0e4736", span_id: "00f067aa0ba902b7" },
  { eventName: "GetSecretValue", requestParameters: { secretId: "prod/db" } },
  { accessKeyId: "key-1", sharedEventID: "e1" },
  { alert: { signature: "ET SCAN Nmap", signature_id: 2000537 } },
  { signatureVersion: "SigV4", authenticationMethod: "AuthHeader" },
  { session_id: "s-4711", sessionDuration: 12 },
  { otp_enabled: true, cvvPresent: false },
  { message: '{"user":"jane","n":1.50}' },
];

/** Lines as machines write them, with numbers that differ: what looks like a card by chance is among them. */
function machineLines(): string[] {
  const lines: string[] = [];
  for (let i = 0; i < 40; i++) {
    lines.push(`flow ${40_000 + i * 37} 443 6 ${i + 3} ${5000 + i * 13} ACCEPT`);
    lines.push(`${512 + i} ${33 + i} ${120 + i * 7} ${i} ${12_345 + i} ${17 + i} 3${i}`);
    lines.push(
      `id=${1_795_885_200_123_456_700n + BigInt(i)} took ${i}.${i}11111 s at ${1_795_885_200_123 + i}`,
    );
    lines.push(`GET /item/${4_711 + i}?page=${i}&sort=price HTTP/1.1`);
  }
  return lines;
}

/** JSON records; a text is the message of one. */
export const innocentRecords: readonly string[] = [
  ...sentences.trim().split("\n"),
  ...neighbourTexts,
  ...placeTexts,
  ...machineLines(),
]
  .map((text) => JSON.stringify({ message: text }))
  .concat([...objects, ...neighbourObjects, ...placeObjects].map((object) => JSON.stringify(object)));
