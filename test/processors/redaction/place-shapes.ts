/** Secrets in places of their own: forms, manifests, rows of SQL, raw URLs, JSON in base64, languages' own writing. */
import { base64, json, message, type Shape, shape } from "./shape";

const login = (secret: string): string => json({ user: "jane", password: secret });
const manifest = (entries: string): string =>
  `apiVersion: v1\nkind: Secret\nmetadata:\n  name: shop\n${entries}\ntype: Opaque`;

export const placeShapes: readonly Shape[] = [
  shape("HTML input", (s) => message(`<form><input type="password" value="${s}"></form>`)),
  shape("HTML input, value first", (s) => message(`<input value='${s}' name='p1' type='password'/>`)),
  shape("HTML input, bare", (s) => message(`<INPUT type=password value=${s}>`)),
  shape("HTML hidden token", (s) => message(`<input type="hidden" value="${s}" name="csrf_token">`)),
  shape("HTML cut off", (s) => message(`<input type="password" name="x" value="${s}`)),
  shape("multipart", (s) =>
    message(`--b\r\nContent-Disposition: form-data; name="password"\r\n\r\n${s}\r\n--b--`),
  ),
  shape("multipart, typed, escaped", (s) =>
    message(`form-data; name=\\"token\\"\\r\\nContent-Type: text/plain\\r\\n\\r\\n${s}\\r\\n--b`),
  ),
  shape("multipart, cut off", (s) => message(`form-data; name="secret"\n\n${s}`)),
  shape("Secret in YAML", (s) => message(manifest(`stringData:\n  other: a\n\n  config.yaml: ${s}`))),
  shape("Secret in YAML, long value", (s) => message(manifest(`data:\n  key: |\n    first\n    ${s}`))),
  shape("Secret in YAML, in base64", (s) => message(manifest(`data:\n    a.b: ${base64(s)}`)), base64),
  shape("Secret in JSON", (s) => json({ kind: "Secret", data: { "a.b": base64(s) } }), base64),
  shape("INSERT", (s) => message(`INSERT INTO users (name, password) VALUES ('it''s', '${s}')`)),
  shape("INSERT of several rows", (s) =>
    message(`insert into "users" ("token","n") values (NULL, 1), ('${s}', f(2, 3)) returning id`),
  ),
  shape("REPLACE", (s) => message(`REPLACE INTO \`u\` (\`id\`,\`password_digest\`) VALUES (1,'${s}');`)),
  shape("bound values of Rails", (s) =>
    message(`VALUES ($1)  [["name", "jane"], ["password_digest", "${s}"]]`),
  ),
  shape("a slash in a URL's password", (s) => message(`postgres://shop:ab/${s}@db:5432/shop`)),
  shape("a question mark in it", (s) => message(`amqp://shop:${s}?x@mq.example.org/`)),
  shape("a hash in it", (s) => message(`redis://shop:#${s}@cache`)),
  shape(
    "JSON in base64",
    (s) => json({ payload: base64(login(s)) }),
    (s) => base64(login(s)),
  ),
  shape(
    "JSON in base64 in text",
    (s) => message(`body=${base64(login(s))} received`),
    (s) => base64(login(s)),
  ),
  shape(
    "JSON in base64 of a URL",
    (s) => message(`?state=${Buffer.from(login(s)).toString("base64url")}&a=b`),
    (s) => Buffer.from(login(s)).toString("base64url"),
  ),
  shape(
    "JSON on lines in base64",
    (s) => json({ data: base64(`{\n  "token": "${s}"\n}`) }),
    (s) => base64(`{\n  "token": "${s}"\n}`),
  ),
  ...[
    ...["id,password,name\n7,%,jane", "id;token\n7;%\n", "user\tpwd\r\njane\t%\r\n"],
    ...['"user","api_key"\n"a, b","%"', 'user,password\n"a ""b"", c",%\nd,e', "id, password, n\n7, %, 3"],
    ...["a,b\n1,2\n\nuser,pass\njane,x%", "login failed\nuser,db_password\njane,\njohn,%"],
    ...[" name | password \n------+----------\n jane | % \n(1 row)"],
    ...["+---+--------+\n| id | secret |\n+---+--------+\n| 7 | % |\n+---+--------+"],
  ].map((table, n) => shape(`column ${n + 1}`, (s) => message(table.replace("%", s)))),
  ...[
    ...["db.example.org:5432:shop:jane:%", "*:*:*:jane:%", "/var/run/postgresql:5433:shop:app.w:%"],
    ...[
      'echo "localhost:*:*:shop:%" >> ~/.pgpass',
      "a\nhost-1:6432:shop:jane@x:%\nb",
      "db:5432:*:postgres:%\\n",
    ],
  ].map((line, n) => shape(`.pgpass ${n + 1}`, (s) => message(line.replace("%", s)))),
  shape("-u and -p of any command", (s) => message(`mytool -u jane -p x${s} run`)),
  shape("--user and -p of any command", (s) => message(`mytool --user=jane -p 'x${s}'`)),
  shape("put-parameter", (s) =>
    message(`aws ssm put-parameter --name /shop/db --value ${s} --type SecureString`),
  ),
  shape(
    "auth of a registry",
    (s) => json({ auths: { "r.example.org": { auth: base64(`jane:${s}`) } } }),
    (s) => base64(`jane:${s}`),
  ),
  shape(
    "_auth of npm",
    () => message(`_auth=${base64("jane:p@ss:word")}`),
    () => base64("jane:p@ss:word"),
  ),
  shape("SSHPASS", (s) => message(`SSHPASS=${s} sshpass -e ssh web1`)),
  shape("a key of Python", (s) => message(`os.environ["DB_PASSWORD"] = "${s}"`)),
  shape("a key of JavaScript", (s) => message(`config['password'] = '${s}';`)),
  shape("PHP's var_dump", (s) => message(`array(1) {\n  ["password"]=>\n  string(${s.length}) "${s}"\n}`)),
  shape("PHP's print_r", (s) => message(`Array\n(\n    [user] => jane\n    [password] => ${s}\n)`)),
  shape(
    "netrc in words",
    () => message("machine example.org login jane password correcthorse"),
    () => "correcthorse",
  ),
];
