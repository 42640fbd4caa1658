/** Where secrets stand in what people log: each shape makes a record around an invented secret. */
import { commandShapes } from "./command-shapes";
import { makersKeys } from "./key-shapes";
import { placeShapes } from "./place-shapes";
import { base64, json, message, type Shape, shape } from "./shape";
import { valueShapes } from "./value-shapes";

/** Fields of JSON by their names. */
const fields: Shape[] = [
  ...[
    "password",
    "Password",
    "DB_PASSWORD",
    "userPassword",
    "dbpassword",
    "new_password",
    "password2",
    "passwordConfirmation",
    "passwd",
    "pwd",
    "accessToken",
    "refresh_token",
    "id-token",
    "csrf_token",
    "XSRF-TOKEN",
    "sessionToken",
    "x-api-key",
    "apiKey",
    "APIKEY",
    "clientSecret",
    "client_secret",
    "secretAccessKey",
    "aws_secret_access_key",
    "privateKey",
    "webhook-secret",
    "Authorization",
    "proxy-authorization",
    "Cookie",
    "Set-Cookie",
    "SecretString",
  ].map((name) => shape(`field ${name}`, (secret) => json({ event: "x", [name]: secret }))),
  shape("a field three levels down", (secret) => json({ a: { b: [{ c: { token: secret } }] } })),
  shape("a field that is a list", (secret) => json({ headers: { cookie: [`sid=${secret}`, "theme=dark"] } })),
  shape("a field that is an object", (secret) => json({ secret: { current: secret } })),
];

const pairs: Shape[] = [
  shape("WAF's headers", (secret) =>
    json({ httpRequest: { headers: [{ name: "Cookie", value: `theme=dark; session=${secret}` }] } }),
  ),
  shape("a container's environment", (secret) =>
    json({ environment: [{ name: "DB_PASSWORD", value: secret }] }),
  ),
  shape("key and value", (secret) => json({ envs: [{ key: "API_TOKEN", value: secret }] })),
  shape("Key and Value", (secret) => json({ tags: [{ Key: "secret", Value: secret }] })),
  shape("k and v", (secret) => json({ kv: [{ k: "accessToken", v: secret }] })),
  shape("the value in front", (secret) => json({ params: [{ value: secret, name: "refresh-token" }] })),
  shape("OpenTelemetry's attributes", (secret) =>
    json({ attributes: [{ key: "http.request.header.authorization", value: { stringValue: secret } }] }),
  ),
  shape("a flat list of headers", (secret) =>
    json({ rawHeaders: ["Host", "a", "Authorization", `Basic ${secret}`] }),
  ),
  shape("a list of two", (secret) => json({ headers: [["Authorization", `Bearer ${secret}`]] })),
  shape("arguments of a command", (secret) => json({ argv: ["mysql", "-u", "root", "--password", secret] })),
  shape("arguments with an equals sign", (secret) => json({ argv: ["psql", `--password=${secret}`] })),
  shape("JSON in a field", (secret) => json({ message: json({ user: { password: secret } }) })),
  shape("JSON in JSON in a field", (secret) => json({ message: json({ body: json({ token: secret }) }) })),
];

const texts: Shape[] = [
  shape("a query", (secret) => message(`GET /cart?token=${secret}&x=1 HTTP/1.1`)),
  shape("a query in camel case", (secret) => message(`GET /cart?x=1&accessToken=${secret} HTTP/1.1`)),
  shape(
    "an access log's request",
    (secret) =>
      `192.0.2.1 - - [28/Nov/2026:17:00:00 +0000] "GET /?api_key=${secret} HTTP/1.1" 200 5 "-" "curl/8.5.0"`,
  ),
  shape("name, colon", (secret) => message(`login of jane, password: ${secret}, from 192.0.2.1`)),
  shape("name, equals", (secret) => message(`login user=jane password=${secret} ok`)),
  shape("name, equals, quotes", (secret) => message(`login user="jane" password="${secret}" ok`)),
  shape("name, equals with blanks", (secret) => message(`password = ${secret}`)),
  shape("an environment file", (secret) => message(`DB_HOST=db\nDB_PASSWORD=${secret}\nDB_NAME=shop`)),
  shape("YAML", (secret) => message(`db:\n  user: shop\n  password: ${secret}\n`)),
  shape("a property of Java", (secret) => message(`spring.datasource.password=${secret}`)),
  shape("a connection string", (secret) => message(`Server=db;User Id=shop;Password=${secret};Encrypt=true`)),
  shape("a Ruby hash", (secret) => message(`Parameters: {"user"=>"jane", "password"=>"${secret}"}`)),
  shape("a form of Rails", (secret) => message(`user[name]=jane&user[password]=${secret}&commit=1`)),
  shape("an escaped form", (secret) => message(`user%5Bpassword%5D=${secret}&commit=1`)),
  shape("JSON that is cut off", (secret) => `{"user":"jane","password":"${secret}","bod`),
  shape("escaped JSON that is cut off", (secret) => `{"m":"{\\"token\\":\\"${secret}\\",\\"bod`),
  shape("JSON behind a prefix", (secret) => message(`2026-11-28 INFO req {"apiKey":"${secret}","n":1}`)),
  shape("Python's repr", (secret) => message(`request {'user': 'jane', 'password': '${secret}'}`)),
  shape("XML", (secret) => message(`<login><user>jane</user><password>${secret}</password></login>`)),
  shape("an attribute of XML", (secret) => message(`<db user="shop" password="${secret}"/>`)),
  shape("an option of a command", (secret) =>
    message(`running deploy --env prod --token ${secret} --dry-run`),
  ),
  shape("a sentence", (secret) => message(`the new password is ${secret}, keep it`)),
  shape("quotes in a sentence", (secret) => message(`token '${secret}' was refused`)),
  shape("an assignment of Go", (secret) => message(`password := "${secret}"`)),
  shape("YAML below its name", (secret) => message(`db:\n  password: >-\n    ${secret}\n  user: shop`)),
  shape("a property of XML", (secret) => message(`<property name="password" value="${secret}"/>`)),
  shape("CDATA", (secret) => message(`<password><![CDATA[${secret}]]></password>`)),
  shape("a user's option", (secret) => message(`curl -u jane:${secret} https://example.org/`)),
  shape("a bare pass", (secret) => message(`login user=jane pass=${secret} ok`)),
  shape("a bare pass in YAML", (secret) => message(`db:\n  user: shop\n  pass: ${secret}\n`)),
  shape("a bare pass in an INI file", (secret) => message(`[db]\nuser = shop\npass = ${secret}\n`)),
  shape("a bare pass in a query", (secret) => message(`GET /login?user=jane&pass=${secret}&x=1 HTTP/1.1`)),
  shape("a bare pass, escaped", (secret) => message(`user%3Djane%26pass%3D${secret}`)),
  shape("a bare pass of a shell", (secret) => message(`export PASS='${secret}'`)),
  shape("a bare pass in XML", (secret) => message(`<db><user>shop</user><pass>${secret}</pass></db>`)),
  shape("a bare pass in an object of YAML", (secret) => message(`{user: jane, pass: ${secret}}`)),
  shape("a field pass", (secret) => json({ db: { user: "shop", pass: secret } })),
  shape("pass in JSON that is cut off", (secret) => `{"user":"jane","pass":"${secret}","bod`),
  shape("a pass of Java's key stores", (secret) => message(`keytool -list -storepass ${secret}`)),
  shape("a passcode", (secret) => message(`passcode: ${secret}`)),
  shape("auth", (secret) => message(`GET /feed?auth=${secret} HTTP/1.1`)),
  shape("a session in a query", (secret) => message(`GET /cart?session=${secret}&x=1 HTTP/1.1`)),
  shape("a session's cookie", (secret) => message(`sent connect.sid=${secret}; Path=/`)),
  shape("a session of ASP.NET", (secret) => message(`ASP.NET_SessionId=${secret}`)),
  shape("mysql's short option", (secret) => message(`mysql -uroot -p${secret} shop < dump.sql`)),
  shape("mysqldump's short option", (secret) => message(`+ mysqldump -h db -u root -p'${secret}' shop`)),
  shape("mysql's long option", (secret) => message(`mysql --password ${secret} -h db`)),
  shape("docker login", (secret) => message(`docker login -u jane -p ${secret} registry.example.org`)),
  shape("mongosh", (secret) => message(`mongosh -u jane -p ${secret} --host db`)),
  shape("redis-cli", (secret) => message(`redis-cli -h cache -a ${secret} ping`)),
  shape("ldapsearch", (secret) => message(`ldapsearch -x -D cn=admin -w ${secret} -b dc=example`)),
  shape("sqlcmd", (secret) => message(`sqlcmd -S db -U sa -P ${secret} -Q select`)),
  shape("openssl", (secret) => message(`openssl rsa -passin pass:${secret} -in key.pem`)),
  shape("Oracle's URL", (secret) => message(`jdbc:oracle:thin:shop/${secret}@db.example.org:1521/shop`)),
  shape("a signed URL", (secret) => message(`GET /blob?se=2026-11-28&sig=${secret}0 HTTP/1.1`)),
  shape("a parameter of CloudFormation", (secret) =>
    json({ parameters: [{ ParameterKey: "DbPassword", ParameterValue: secret }] }),
  ),
  shape("a URL's password", (secret) =>
    message(`connecting to postgres://shop:${secret}@db.example.org:5432/shop`),
  ),
  shape("a URL's password without a user", (secret) => message(`redis://:${secret}@cache:6379/0`)),
  shape("Cookie, last of several", (secret) => message(`Cookie: theme=dark; lang=nl; session=${secret}`)),
  shape("Cookie amid a line", (secret) =>
    message(`got cookie: theme=dark; session=${secret} from 192.0.2.1`),
  ),
  shape("Set-Cookie with attributes", (secret) =>
    message(`< Set-Cookie: sid=${secret}; Path=/; Expires=Sat, 28 Nov 2026 17:00:00 GMT; Secure; HttpOnly`),
  ),
  shape("Bearer", (secret) => message(`Authorization: Bearer ${secret}`)),
  shape("Bearer amid a line", (secret) =>
    message(`curl -H "Authorization: Bearer ${secret}" https://example.org`),
  ),
  shape(
    "Basic",
    (secret) => message(`Authorization: Basic ${base64(`jane:${secret}`)}`),
    (secret) => base64(`jane:${secret}`),
  ),
  shape(
    "Basic without its header",
    (secret) => message(`sent Basic ${base64(`jane:${secret}`)} to the proxy`),
    (secret) => base64(`jane:${secret}`),
  ),
  shape("Digest", (secret) =>
    message(`Authorization: Digest username="jane", realm="a", nonce="n1", uri="/", response="${secret}"`),
  ),
  shape("a scheme of one's own", (secret) => message(`Authorization: Custom ${secret}1`)),
  shape("a signature of AWS", (secret) =>
    message(
      `Authorization: AWS4-HMAC-SHA256 Credential=c/20261128/eu-west-1/s3/aws4_request, SignedHeaders=host, Signature=${secret}`,
    ),
  ),
  shape("headers as lines", (secret) =>
    message(`GET / HTTP/1.1\r\nHost: a\r\nX-Api-Key: ${secret}\r\nAccept: */*\r\n`),
  ),
  shape("a header's value with blanks", (secret) => message(`X-Auth-Token: part one ${secret}\nHost: a`)),
  shape("a header's value with a semicolon", (secret) => message(`X-Api-Key: v1;${secret}`)),
  shape("a header's value with a comma", (secret) => message(`X-Api-Key: v1,${secret}`)),
  shape(
    "a JSON Web Token",
    (secret) => {
      const part = (text: string) => Buffer.from(text).toString("base64url");
      return message(`session eyJhbGciOiJIUzI1NiJ9.${part(`{"sub":"${secret}"}`)}.${part(secret)} began`);
    },
    (secret) => Buffer.from(secret).toString("base64url"),
  ),
  shape(
    "a private key",
    (secret) =>
      message(`-----BEGIN RSA PRIVATE KEY-----\n${base64(secret)}\n-----END RSA PRIVATE KEY-----\n`),
    base64,
  ),
  shape(
    "a private key that is cut off",
    (secret) => message(`key: -----BEGIN PRIVATE KEY-----\\n${base64(secret)}`),
    base64,
  ),
  shape(
    "a private key of PGP",
    (secret) =>
      message(
        `-----BEGIN PGP PRIVATE KEY BLOCK-----\n\n${base64(secret)}\n-----END PGP PRIVATE KEY BLOCK-----`,
      ),
    base64,
  ),
];

export const secretShapes: readonly Shape[] = [
  ...fields,
  ...pairs,
  ...texts,
  ...commandShapes,
  ...placeShapes,
  ...valueShapes,
];

/** What may stand in every shape without ending it. */
export const plainSecrets = [
  "hunter2Zq",
  "S3cr3t-W0rd-9f",
  "0f3a9c77b1e2d4",
  "tr0ub4dor_3xK",
  "a1b2c3d4-e5f6-4711-8899-aabbccddeeff",
];

const card = (group: string) => [
  `4111${group}1111${group}1111${group}1111`,
  `5555${group}5555${group}5555${group}4444`,
];

/** Values that are secret by their own shape, wherever they stand. */
export const ownShapes: readonly string[] = [
  ...Object.values(makersKeys),
  "AKIAIOSFODNN7EXAMPLE",
  "ASIAIOSFODNN7EXAMPLE",
  `ghp_${"a1B2".repeat(9)}`,
  `github_pat_${"a1B2c3".repeat(5)}`,
  `glpat-${"a1B2c".repeat(4)}`,
  `sk_live_${"a1B2".repeat(6)}`,
  `sk-proj-${"a1B2".repeat(10)}`,
  `xoxb-${"1234567890-"}${"aB3d".repeat(4)}`,
  `AIza${"a1B2c3d".repeat(5)}`,
  `SG.${"a1B2c3d4".repeat(2)}.${"a1B2c3d4".repeat(4)}`,
  `npm_${"a1B2c3d4e".repeat(4)}`,
  "jane.doe+shop@example.org",
  "jane%40example.org",
  ...card(""),
  ...card(" "),
  ...card("-"),
  ...card("."),
  "3782 822463 10005",
  "3056 930902 5904",
  "NL91ABNA0417164300",
  "NL91 ABNA 0417 1643 00",
  "DE89 3704 0044 0532 0130 00",
  "GB29NWBK60161331926819",
  "FR14 2004 1010 0505 0001 3M02 606",
  "nl91abna0417164300",
  "nl91 abna 0417 1643 00",
];
