import type { Access, Quote } from "./access";

/** The field `url`: its parts without undoing percent signs; `original` only where path and query are not all. */
export function createUrl() {
  const { stringify } = JSON;
  const writeAbsolute = createAbsolute();
  return (access: Access, quote: Quote): string => {
    const { target, scheme, domain } = access;
    if (target === "" && scheme === "" && domain === "") return "";
    if (target.charCodeAt(0) !== 47) return writeAbsolute(access, quote);
    let text = ',"url":{';
    if (scheme !== "") text += `"scheme":${stringify(scheme)},`;
    if (domain !== "") text += `"domain":${stringify(domain)},`;
    const query = target.indexOf("?");
    if (query === -1) return `${text}"path":${quote(target)}}`;
    return `${text}"path":${quote(target.slice(0, query))},"query":${quote(target.slice(query + 1))}}`;
  };
}

/** Targets that do not begin with a slash: of proxies, load balancers and CONNECT, or none at all. */
function createAbsolute() {
  const { stringify } = JSON;
  const absolute = /^([A-Za-z][A-Za-z0-9+.-]*):\/\/(?:[^/?#@]*@)?(\[[^\]/?#]*\]|[^:/?#]*)(?::(\d{1,5}))?-?/;
  const authority = /^(\[[^\]/?#]*\]|[^:/?#[\]]+):(\d{1,5})$/;
  return (access: Access, quote: Quote): string => {
    const { target, method } = access;
    let { scheme, domain } = access;
    let port = "";
    let path = target;
    const parts = absolute.exec(target);
    const connect = method === "CONNECT" ? authority.exec(target) : null;
    if (parts !== null) {
      scheme = parts[1]!.toLowerCase();
      domain = domain || parts[2]!;
      port = parts[3] ?? "";
      path = target.slice(parts[0].length);
    } else if (connect !== null) {
      domain = domain || connect[1]!;
      port = connect[2]!;
      path = "";
    }
    if (domain.startsWith("[")) domain = domain.slice(1, -1);
    const query = path.indexOf("?");
    let text = "";
    if (target !== "") text += `,"original":${quote(target)}`;
    if (scheme !== "") text += `,"scheme":${stringify(scheme)}`;
    if (domain !== "") text += `,"domain":${stringify(domain)}`;
    if (port !== "" && +port <= 65_535) text += `,"port":${+port}`;
    if (query !== -1) text += `,"query":${quote(path.slice(query + 1))}`;
    path = query === -1 ? path : path.slice(0, query);
    if (path !== "") text += `,"path":${quote(path)}`;
    return text === "" ? "" : `,"url":{${text.slice(1)}}`;
  };
}
