/** Texts and objects that are nearest to the secrets of the corpus, and none. */
export const neighbourTexts = `
session started
session started for user jane at 17:00
session 4711 closed after 12 s
new session on pts/0
session_count=12 session_timeout=30m
sessions: 14 active, 3 idle
session=active user=jane
session store: redis
{"session":"active"}
sid=4711 gid=20 pgid=4711
sid=2000537 rev=3 msg=scan
SID PRODDB01 is up
nonce sense
nonce: 42 gas: 21000
nonce=17 block=18000000
nonce expired
salt lake city
salt and pepper
salt-minion 3006.1 started
salt: added
salt=none
signature valid
signature=valid
signature: ET SCAN Nmap Scripting Engine
signature_version=4 signature_method=HMAC-SHA256
signature=SHA256withRSA
signature algorithm: sha256WithRSAEncryption
sig=15 pid=4711
function signature foo(int a1, int b2)
signature=ecdsa-with-SHA384 ok
hmac-sha2-256 negotiated
hmac=sha256 enabled
hmac: verified
proxy_pass http://upstream2001:8080;
proxy_pass=http://10.0.0.9:8080/v2
proxy_pass: unix:/run/app1.sock
PWD=/home/jane1 ; USER=root ; COMMAND=/bin/ls
sudo: jane : TTY=pts/0 ; PWD=/srv/app2 ; USER=root ; COMMAND=/usr/bin/id
OLDPWD=/srv/app2
pwd: C:\\work\\app1
cd $(pwd)
net use is a command
net use
net use Z: /delete
net use Z: \\\\files\\share
net user
net user jane /delete
net user growth is up
htpasswd: command not found
status code: 404
exit code 1
error code 500123
error code=E4711abc
code=200
code: E11000 duplicate key
country code 31 area code 20
zip code 10115
postal code 1012 AB
qr code scanned
coupon code SUMMER2026 applied
promo_code=SUMMER2026
http code 200 in 12 ms
barcode 4006381333931
code review 2024 done
security code review 2024-11-28
verification code sent
verification code expired after 10 min
one-time code sent to jane
2FA enabled
OTP sent
OTP expired after 300 s
login code path is slow
your order 482913 is confirmed
482913 is your order number
order 482913 as requested
pin 13 high
pin code required
key=4711
GET /item?key=cart&code=200 HTTP/1.1
GET /item?key=price&sort=asc HTTP/1.1
GET /login?code=nl HTTP/1.1
key: 4f6e
sort_key=created_at
key_mgmt=WPA-PSK
idempotency-key: 4711
AUTH failed for jane
AUTH TLS
AUTH LOGIN
AUTH SHA256 selected
auth SHA256
PASS src/app2.test.ts
PASS TestLogin2
PASSED 14
USER jane logged in
identified by the scanner
identified by its name
object identified by id
vault login failed
vault status: sealed
zip -r out1.zip dir
unzip -o app-1.2.3.zip
7z x archive2.7z
tar -xzf app2.tgz -C /srv/app2
rsync -avz -P src1/ web1:/srv
scp -P 2222 a1 web1:/srv
ssh -p 2222 -A jane@web1
cp -p a1 b1
ps -p 4711
mkdir -p /srv/app2
docker ps -a
docker run -p 8080:80 -u 1000:1000 web1
docker login registry.example.org
docker compose -p shop2 up
kubectl logs -p web-5d4f8c7b9-x2x4z
az login --use-device-code
snmpwalk -v2c -c public host1
openssl enc -d -aes-256-cbc -in a1
openssl version -a
xfreerdp /u:jane /v:host1
msbuild /p:Configuration=Release2
curl -u jane https://example.org
id -u jane1
sort -u a1.txt
useradd -m jane1
requirepass is not set
masterauth is not set
echo hello1 | sudo tee /etc/x
echo ok1 | grep ok
rman backup database
sqlplus / as sysdba
password policy "strong2" applied
psql -h db -p 5432 shop
mongod -p 27017
redis-cli -h cache1 -p 6379 ping
redis-cli -n 2 keys cart1
ldapsearch -x -b dc=example
sqlcmd -S db1 -Q select1
cqlsh db1 9042
time 12:30:45@host
image registry.example.org:5000/shop@sha256:9f86d081884c7d65
npm ERR! 404 @scope/pkg@1.2.3
at foo (app.js:12:5)@worker:1
commit 2fd4e1c67a2d28fced849ee1bb76e7391b93eb12 merged
git 9f86d08..2fd4e1c main -> main
index 2fd4e1c..9f86d08 100644
tree 4b825dc642cb6eb9a060e54bf8d69288fbee4904
uuid 4d8c1111-1111-4111-8111-111111111111 created
request 84961386-6d84-929d-98bd-c5aee93b5c88 took 12 ms
order 2026-4711-001234 packed
order-number SO-20261128-004711
invoice INV2026001234
tracking 3SABCD1234567890
digest sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
checksum md5 9e107d9d372bb6826bd81d3542a419d6
etag 33a64df551425fcc55e4d42a148795d9
integrity sha512-9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b
trace-id 4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7
x-amzn-trace-id: Root=1-67891233-abcdef012345678912345678
arn:aws:iam::111122223333:role/shop-web-TaskRole-1A2B3C4D5E6F
i-0a1b2c3d4e5f67890 launched in subnet-0a1b2c3d4e5f67890
eni-0a1b2c3d4e5f67890 attached
pod web-5d4f8c7b9-x2x4z scheduled
container 9f86d081884c7d659a2f died
AMS1-C1 EJ9jgk_2qvXbWjBVu3UOtF0NHfPWvVy6xsWzQOKQ1YdZVWEYoE7Hqw
x-amz-request-id: 3E57427F3EXAMPLE x-amz-id-2: s9lzHYrFp76ZVxRcpX9+5cjAnEH2ROuNkd2BHfIa6UkFVdtjf5mKR3/eTPFvsiP/XV/VLi31234=
key-value store ready
key-00000 rotated
EAAST coast
Skipping SK-17
AKIA is a prefix
eyJ is base64 of a brace
MainThread.worker1.task2
hf_hub 0.23 installed
npm_config_registry=https://registry.example.org
npm_package_version=1.2.3
gh_actions_runner_version 2.311.0
glide-path-to-production-with-many-words
sk-learn-and-other-packages-of-python-1.4
dapi is a name
v1.0-beta.2 released
do_v1 x
Basic plan, 10 users
digest authentication of 12 clients
basic auth over proxy disabled
bearer of bad news
cookie size 120 bytes
code_challenge_method=S256
psk is disabled
ssid=Shop-Guest2
auth_method=publickey2
passenger pass issued
private key file /etc/ssl/private/web1.key loaded
Private-Lines are counted
LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCk1JSURRVEND is a certificate
-----BEGIN CERTIFICATE----- MIIDQTCC -----END CERTIFICATE-----
client-certificate-data: LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCk1JSURRVEND
`
  .trim()
  .split("\n");
export const neighbourObjects: readonly object[] = [
  { session: "active" },
  { session: 4711 },
  { session: { state: "open", count: 3 } },
  { sid: 2000537 },
  { session_id: 17 },
  { sid: "S-1-5-21-1004336348-1177238915" },
  { sid: "SM0a1b2c3d0a1b2c3d0a1b2c3d0a1b2c3d" },
  { sessions: 12, sessionCount: 3 },
  { nonce: 42, salt: true },
  { nonce: "0x1a" },
  { salt: "rock" },
  { signature: "ET SCAN Nmap 2 probe" },
  { signature: "Win.Trojan.Agent-1234567-0" },
  { signature: "SHA256withRSA", sig_alg: "rs256" },
  { sig: 15 },
  { hmac: "sha256" },
  { code: 404 },
  { code: "E11000" },
  { code: "ERR_SSL_WRONG_VERSION_NUMBER1" },
  { key: "cart:4711" },
  { key: "logs/2026/11/28/web-0a1b2c3d4e5f.log.gz", size: 12 },
  { status_code: 200, error_code: "E4711" },
  { countryCode: "NL31" },
  { proxy_pass: "http://backend2001:80" },
  { pwd: "/home/jane1" },
  { env: { PWD: "/srv/app2", OLDPWD: "/srv" } },
  { argv: ["ssh", "-p", "2222", "web1"] },
  { argv: ["docker", "run", "-p", "8080:80", "web1"] },
  { argv: ["curl", "-u", "jane", "https://example.org/1"] },
  { args: ["tar", "-xzf", "a b.tgz", 'say "x"'] },
  {
    commit: "2fd4e1c67a2d28fced849ee1bb76e7391b93eb12",
    uuid: "4d8c1111-1111-4111-8111-111111111111",
    order: "2026-4711-001234",
  },
  { name: "session", value: "active" },
  { name: "code", value: "a1b2c3d4e5f6a7b8c9" },
  { key: "salt", value: "rock" },
  { passwordPolicy: { minLength: 12 } },
  { user: { id: "u1a2b3c4d5" }, order: { id: "SO20261128004711" } },
  { id: "0a1b2c3d4e5f" },
  { requestId: "84961386-6d84-929d-98bd-c5aee93b5c88" },
];
