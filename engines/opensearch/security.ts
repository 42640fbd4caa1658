/** What the security plugin wants to find: certificates, settings, its master user and the users of a test. */
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";

export interface InternalUser {
  /** Hash of the password, as the plugin's Hasher makes it. @default that of the master user's password */
  readonly hash?: string;
  /** What the role mapping looks at; the ARN of a role, to stand for a signed call of it. */
  readonly backendRoles: readonly string[];
}

/** Of MASTER_PASSWORD in node.ts. */
const MASTER_HASH = "$2y$12$orqY1KU7IozNx3Aaf8Xtx.8VvLNegGkyyLo1MyKlGjV0.3Mklhima";

export function securitySettings(): Record<string, string> {
  const ssl = (layer: string) => ({
    [`plugins.security.ssl.${layer}.pemcert_filepath`]: "node.pem",
    [`plugins.security.ssl.${layer}.pemkey_filepath`]: "node.key",
    [`plugins.security.ssl.${layer}.pemtrustedcas_filepath`]: "ca.pem",
  });
  return {
    ...ssl("transport"),
    ...ssl("http"),
    "plugins.security.ssl.transport.enforce_hostname_verification": "false",
    "plugins.security.ssl.http.enabled": "true",
    "plugins.security.allow_default_init_securityindex": "true",
    "plugins.security.authcz.admin_dn": '["CN=admin,O=local"]',
    "plugins.security.nodes_dn": '["CN=node,O=local"]',
    "plugins.security.restapi.roles_enabled": '["all_access", "security_rest_api_access"]',
    "plugins.security.audit.type": "noop",
    "plugins.security.system_indices.enabled": "true",
  };
}

function certificates(config: string): void {
  const openssl = (...args: string[]) => execFileSync("openssl", args, { cwd: config, stdio: "ignore" });
  const key = ["-newkey", "rsa:2048", "-nodes"];
  openssl(
    "req",
    "-x509",
    ...key,
    "-keyout",
    "ca.key",
    "-out",
    "ca.pem",
    "-days",
    "30",
    "-subj",
    "/O=local/CN=ca",
  );
  openssl("req", ...key, "-keyout", "node.key", "-out", "node.csr", "-subj", "/O=local/CN=node");
  writeFileSync(join(config, "node.ext"), "subjectAltName=IP:127.0.0.1,DNS:localhost\n");
  const signed = [
    "-CA",
    "ca.pem",
    "-CAkey",
    "ca.key",
    "-CAcreateserial",
    "-days",
    "30",
    "-extfile",
    "node.ext",
  ];
  openssl("x509", "-req", "-in", "node.csr", "-out", "node.pem", ...signed);
}

/** Certificates in `config`, users and role mapping in `config/opensearch-security`. */
export function securityFiles(config: string, users: Readonly<Record<string, InternalUser>>): void {
  certificates(config);
  const all: Record<string, InternalUser> = { master: { backendRoles: ["admin"] }, ...users };
  const meta = (type: string) => `_meta:\n  type: "${type}"\n  config_version: 2\n`;
  const lines = Object.entries(all).map(
    ([name, { hash = MASTER_HASH, backendRoles }]) =>
      `${JSON.stringify(name)}:\n  hash: "${hash}"\n  reserved: false\n  backend_roles: ${JSON.stringify(backendRoles)}\n`,
  );
  const folder = join(config, "opensearch-security");
  writeFileSync(join(folder, "internal_users.yml"), meta("internalusers") + lines.join(""));
  const mapping = 'all_access:\n  reserved: false\n  backend_roles: ["admin"]\n';
  writeFileSync(join(folder, "roles_mapping.yml"), meta("rolesmapping") + mapping);
}
