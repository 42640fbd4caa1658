/** Names that mean a secret where their value looks like one, signatures, codes, and keys within other texts. */
import { base64, json, message, type Shape, shape } from "./shape";

const pem = (secret: string): string =>
  `-----BEGIN PRIVATE KEY-----\n${secret.repeat(3)}\n-----END PRIVATE KEY-----`;

export const valueShapes: readonly Shape[] = [
  shape("signature=", (s) => message(`GET /x?Expires=1795885200&Signature=${s}&Key-Pair-Id=K1 HTTP/1.1`)),
  shape("sig=", (s) => message(`callback id=4711 sig=${s} ok`)),
  shape("X-Amz-Signature", (s) =>
    message(`GET /b/k?X-Amz-Date=20261128T170000Z&X-Amz-Signature=${s} HTTP/1.1`),
  ),
  shape("X-Goog-Signature", (s) => message(`https://storage.example.org/b/k?X-Goog-Signature=${s}`)),
  shape("X-Hub-Signature-256", (s) => message(`X-Hub-Signature-256: sha256=${s}`)),
  shape("field signature", (s) => json({ webhook: { signature: s } })),
  shape("Stripe-Signature", (s) => message(`Stripe-Signature: t=1795885200,v1=${s}`)),
  shape("salt=", (s) => message(`user=jane salt=${s} rounds=12`)),
  shape("field salt", (s) => json({ user: { salt: s } })),
  shape("password_salt", (s) => message(`password_salt: ${s}`)),
  shape("nonce=", (s) => message(`challenge nonce=${s} sent`)),
  shape("field nonce", (s) => json({ oauth: { nonce: s } })),
  shape("Digest challenge", (s) =>
    message(`WWW-Authenticate: Digest realm="shop", nonce="${s}", qop="auth"`),
  ),
  shape("cnonce", (s) => message(`digest nc=00000001 cnonce="${s}"`)),
  shape("CSP nonce", (s) => message(`Content-Security-Policy: script-src 'nonce-${s}'`)),
  shape("proxy_pass=", (s) => message(`proxy_host=p proxy_user=jane proxy_pass=${s} proxy_port=3128`)),
  shape("field proxy_pass", (s) => json({ proxy: { proxy_pass: s } })),
  shape("proxyPass:", (s) => message(`{proxyUser: jane, proxyPass: ${s}}`)),
  shape("field session", (s) => json({ session: s, page: "/cart" })),
  shape("field sid", (s) => json({ sid: s })),
  shape("field sessionId", (s) => json({ sessionId: s })),
  shape("field session_id", (s) => json({ user: { session_id: s } })),
  shape("field session.id", (s) => json({ session: { id: s } })),
  shape("several users' passwords", (s) => json({ passwords: { jane: s } })),
  shape("a list of API keys", (s) => json({ api_keys: [s, "x"] })),
  shape("SecretBinary", (s) => json({ SecretBinary: s })),
  shape("a key without its PEM lines", (s) => json({ private_key_pem: s })),
  shape("session pair", (s) => json({ cookiesList: [{ name: "session", value: s }] })),
  shape("session in JSON in text", (s) => message(`got {"sessionId":"${s}","n":1} from`)),
  shape("aws_session_token ini", (s) =>
    message(`[default]\naws_access_key_id = x\naws_session_token = ${s}\n`),
  ),
  shape("AWS_SESSION_TOKEN export", (s) => message(`export AWS_SESSION_TOKEN="${s}"`)),
  shape("SessionToken XML", (s) => message(`<Credentials><SessionToken>${s}</SessionToken></Credentials>`)),
  shape("SAS", (s) =>
    message(`https://shop.blob.example.org/c/b?sv=2024-11-04&ss=b&srt=co&sp=r&sig=${s}%3D`),
  ),
  shape("SharedAccessSignature", (s) => message(`SharedAccessSignature sr=hub&sig=${s}&se=1795885200&skn=x`)),
  shape("SharedAccessKey", (s) =>
    message(`Endpoint=sb://shop/;SharedAccessKeyName=Root;SharedAccessKey=${s}=`),
  ),
  shape("AccountKey", (s) =>
    message(`DefaultEndpointsProtocol=https;AccountName=shop;AccountKey=${s}==;EndpointSuffix=x`),
  ),
  shape("Set-Cookie JSON list", (s) => json({ headers: { "set-cookie": [`sid=${s}; Path=/; HttpOnly`] } })),
  shape("Set-Cookie in text", (s) => message(`response headers: Set-Cookie=session=${s}; Path=/`)),
  shape("Set-Cookie multi valued", (s) => json({ multiValueHeaders: { "Set-Cookie": [`a=${s}`] } })),
  shape("TOTP seed", (s) => message(`otpauth://totp/Shop:jane?secret=${s}&issuer=Shop`)),
  shape("bearer JSON", (s) => json({ headers: { auth: `Bearer ${s}0123456789` } })),
  shape("bearer field", (s) => json({ bearer: s })),
  shape("bearer lower", (s) => message(`authorization header bearer ${s}xyz01234`)),
  shape("bearer escaped JSON", (s) => message(`{"h":"{\\"Authorization\\":\\"Bearer ${s}\\"}" cut`)),
  shape(
    "Proxy-Authorization",
    (s) => message(`Proxy-Authorization: Basic ${base64(`jane:${s}`)}`),
    (s) => base64(`jane:${s}`),
  ),
  shape("http_proxy", (s) => message(`http_proxy=http://jane:${s}@p.example.org:3128 curl x`)),
  shape(
    "CONNECT basic",
    (s) => message(`CONNECT a:443 HTTP/1.1 proxy-authorization=[Basic ${base64(`jane:${s}`)}]`),
    (s) => base64(`jane:${s}`),
  ),
  shape(
    "PEM escaped n",
    (s) => json({ k: `-----BEGIN PRIVATE KEY-----\\nMIIE${base64(s)}\\n-----END PRIVATE KEY-----\\n` }),
    base64,
  ),
  shape(
    "PEM in text escaped",
    (s) =>
      message(`key="-----BEGIN EC PRIVATE KEY-----\\n${base64(s)}\\n-----END EC PRIVATE KEY-----\\n" loaded`),
    base64,
  ),
  shape(
    "PEM openssh",
    (s) => message(`-----BEGIN OPENSSH PRIVATE KEY----- ${base64(s)} -----END OPENSSH PRIVATE KEY-----`),
    base64,
  ),
  shape(
    "PEM url-encoded",
    (s) =>
      message(
        `key=-----BEGIN%20PRIVATE%20KEY-----%0A${base64(s).replace(/=/g, "")}%0A-----END%20PRIVATE%20KEY-----`,
      ),
    (s) => base64(s).replace(/=/g, ""),
  ),
  shape(
    "PEM base64",
    (s) => message(`tls.key: ${base64(pem(s))}`),
    (s) => base64(pem(s)).slice(40, 60),
  ),
  shape(
    "PuTTY",
    (s) => message(`PuTTY-User-Key-File-3: ssh-ed25519\nPrivate-Lines: 1\n${base64(s + s)}\nPrivate-MAC: ab`),
    (s) => base64(s + s),
  ),
  shape("_authToken", (s) => message(`//registry.example.org/:_authToken=${s}`)),
  shape(
    "_auth",
    (s) => message(`_auth=${base64(`jane:${s}`)}`),
    (s) => base64(`jane:${s}`),
  ),
  shape("oauth code", (s) => message(`GET /callback?code=${s}${s}&state=1 HTTP/1.1`)),
  shape("authorization_code", (s) => message(`authorization_code=${s}`)),
  shape("client_secret Basic form", (s) =>
    message(`grant_type=client_credentials&client_id=a&client_secret=${s}`),
  ),
  shape("hmac=", (s) => message(`hdnts=exp=1795885200~acl=/*~hmac=${s}`)),
  shape("npm token env", (s) => message(`NPM_TOKEN=${s}`)),
  shape("kubeconfig", (s) => message(`users:\n- name: jane\n  user:\n    client-key-data: ${s}\n`)),
  shape(
    "docker auths",
    (s) => json({ auths: { "registry.example.org": { auth: base64(`jane:${s}`) } } }),
    (s) => base64(`jane:${s}`),
  ),
  shape("Ansible", (s) => message(`ansible_become_pass=${s} ansible_ssh_pass=x`)),
  shape("magic link", (s) => message(`https://shop.example.org/login/verify?login_token=${s}`)),
  shape("reset link", (s) => message(`https://shop.example.org/reset?reset_password_token=${s}`)),
  shape("x-vault-token", (s) => message(`X-Vault-Token: ${s}`)),
  shape("x-auth", (s) => message(`X-Auth-Key: ${s}`)),
  shape("apikey header", (s) => message(`apikey: ${s}`)),
  shape("Ocp-Apim-Subscription-Key", (s) => message(`Ocp-Apim-Subscription-Key: ${s}`)),
  shape("subscription_key", (s) => message(`?subscription-key=${s}`)),
  shape("key=", (s) => message(`GET /maps?key=${s}${s} HTTP/1.1`)),
  shape("credential JSON", (s) => json({ credential: { secretText: s } })),
  shape("JAAS", (s) => message(`PlainLoginModule required username="shop" password="${s}";`)),
];

/** Codes of one use are numbers, whatever the corpus' secrets are. */
export const codeShapes: readonly Shape[] = [
  shape(
    "OTP",
    () => message("Your verification code is 482913."),
    () => "482913",
  ),
  shape(
    "OTP colon",
    () => message("OTP: 482913 for user 12"),
    () => "482913",
  ),
  shape(
    "OTP front",
    () => message("482913 is your Shop verification code"),
    () => "482913",
  ),
  shape(
    "OTP one-time",
    () => message("sent one-time code 482913 to +31 20 555 0100"),
    () => "482913",
  ),
  shape(
    "OTP 2FA",
    () => message("2FA code: 482 913 accepted"),
    () => "482 913",
  ),
  shape(
    "OTP field",
    () => json({ otp: "482913" }),
    () => "482913",
  ),
  shape(
    "OTP field number",
    () => json({ verificationCode: 482913 }),
    () => "482913",
  ),
  shape(
    "OTP mfaCode",
    () => message("mfa_code=482913"),
    () => "482913",
  ),
  shape(
    "OTP use",
    () => message("Use 482913 as your login code"),
    () => "482913",
  ),
];
