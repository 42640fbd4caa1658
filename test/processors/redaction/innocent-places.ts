/** What stands in the same places as secrets and is none: hashes in paths, versions, addresses, forms, words about secrets. */

export const placeTexts: readonly string[] = `
GET /static/app.3f2a9c77b1e2d4.js 200
GET /assets/main-BvX3kd9Q.css HTTP/1.1
commit 9fceb02d0ae598e95dc970b74767f19372d61af8 deployed
image sha256:9b2a4c1f0e3d5b6a7c8d9e0f1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d pulled
docker://nginx:1.25@sha256:9b2a4c1f0e3d5b6a7c8d9e0f1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d
registry.example.org/shop/web:1.4.2@sha256:9b2a4c1f0e3d5b6a7c8d9e0f1a2b3c4d
request 3f2504e0-4f89-11d3-9a0c-0305e82c3301 took 12 ms
user 3f2504e0-4f89-11d3-9a0c-0305e82c3301 signed in
password policy updated
password policy updated by jane: min length 12
token expired
token expired at 2026-03-01T00:00:00Z
token refresh took 120ms
access token expires in 3600s
the token bucket has 20 tokens left
session expired for user 4711
session timeout 30m
cookie banner dismissed
no cookie set
secret rotation finished in 12s
Secret "shop-tls" not found in namespace "prod"
secret/shop-db created
configmap/shop-config unchanged
kind: ConfigMap data: a
mkdir -p /srv/app/releases/20260301
ssh -p 2222 jane@host uptime
nmap -p 1-1024 10.0.0.1
docker run -u node -p 8080:80 web
docker run -d -p 127.0.0.1:8080:80 web:1.2
psql -U jane -p 5432 -d shop
cp -p a.txt b.txt
python -m venv -p python3.12 x
npm run build -p project42
git log -p file2.ts
make -j8 -p target1
ps -u jane -p 4711
pgrep -u root -p 12
iptables -p tcp --dport 443
perl -pe 's/a1/b2/'
http://localhost:8080/a/b@2x.png
http://cdn.example.org:443/img/logo@2x.png
https://example.org/@jane/posts/12
https://example.org/a:b/c@d
http://host:\${PORT}/x@y
https://maps.example.org/@52.37,4.89,12z
ws://10.0.0.1:9000/socket@room1
connect to tcp://10.0.0.5:5432/shop failed
git@github.com:org/repo.git
ssh://git@github.com:22/org/repo.git
jdbc:postgresql://db:5432/shop?ssl=true
mongodb://db1:27017,db2:27017/shop?replicaSet=rs0
Error: invalid password for user jane
Error: password must contain 8 characters
WARN password_hash column missing
authentication method: password
AUTH failed for user jane
auth=required
auth: none
auth provider ldap1 configured
Authorization: none
authorization: missing
Authorization: Null
request without Authorization: none given
cookies: accepted
cookies: all
cookie: rejected
set cookies: declined, analytics: off
token: expired
token: invalid.
password: changed
password=null
api_key=none
secret: rotated
password: required
"token": null
db:5432 refused
db:5432:shop
10.0.0.5:5432:a
psql: *:5432 listening
main.go:5432:12:column:7
host:9000:shop:jane:ready
authType=basic2
pass 3 of 5
PASS src/app2.test.ts
pin 17 is high
key=value1
cache key user:4711:cart2 hit
primary key constraint users_pkey1 violated
partition key 2026-03-01#eu-west-1
api-key-id: none
idempotency key 3f2504e0-4f89
ETag: "33a64df551425fcc55e4d42a148795d9f25f89d4"
If-None-Match: W/"67ab43"
X-Request-Id: 7b0a4c5e9f
traceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01
next_token=eyJsYXN0IjoxMjN9 page 2
cursor eyJpZCI6NDcxMSwiY3JlYXRlZCI6IjIwMjYtMDMtMDEifQ== of list
state=eyJyZXR1cm5UbyI6Ii9jYXJ0In0
nonce count nc=00000001
base64 iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk
INSERT INTO orders (id, total, state) VALUES (7, 19.90, 'paid2')
INSERT INTO users (name, password_changed_at) VALUES ('jane', '2026-03-01T00:00:00Z')
SELECT password FROM users WHERE id = 7
form-data; name="avatar"; filename="a1.png"
<input type="text" name="q" value="shoes42">
<input type="submit" value="Sign in2">
<label for="password">Password</label>
machine web1 login page loaded
1.2.3.4:5678:a:b:c7
authorization_endpoint=https://example.org/oauth2/authorize
string(7) "hunter2" was dumped
2026-03-01 10:00:00:123 worker:7:queue:mail:sent4
otpauth app opened
salted caramel2 ordered
pwd: /srv/app2
PWD=/srv/app2
`
  .trim()
  .split("\n");

export const placeObjects: readonly object[] = [
  { kind: "Secret", name: "shop-db" },
  { kind: "Secret", data: "a1b2c3d4" },
  { kind: "SecretList", data: { a: "b1" } },
  { kind: "ConfigMap", data: { a: "b1" } },
  { message: "kind: ConfigMap\ndata:\n  a: b1c2d3e4" },
  { message: "a secret is none\nkind: SecretProviderClass\ndata:\n  a: b1c2d3e4" },
  { message: '--b\r\nContent-Disposition: form-data; name="title"\r\n\r\nHello world2\r\n--b--' },
  { payload: Buffer.from('{"order":4711,"state":"paid"}').toString("base64") },
  { cursor: "eyJpZCI6NDcxMX0" },
  { auth: "ldap" },
  { auth: "required" },
  { columns: ["id", "password"], rows: 3 },
  { message: "id,password\n7,\n8,none" },
  { message: "name,password_changed_at\njane,2026-03-01" },
  { message: "Password, please\nThanks, Jane" },
  { message: "missing: token, secret, id\nsee a, b, c" },
  { message: "token,secret" },
  { message: "user,pass\njane,3\nby,yes" },
  { message: " id | tokens \n----+--------\n 7 | 1200 " },
];
