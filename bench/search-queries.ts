/** What is asked in the benchmark of search, and the same for those beside it. */

/** For ripgrep: lines that have the pattern or, where it is inverted, all others. */
export interface LinePattern {
  readonly pattern: string;
  readonly inverted?: boolean;
}

export interface Question {
  readonly query: string;
  /** In the language of VictoriaLogs; undefined: it has no such question. */
  readonly logsQl?: string;
  /** Over the documents as lines; undefined: no pattern says it. */
  readonly lines?: LinePattern;
}

const message = (pattern: string): LinePattern => ({ pattern: `"message":"[^"]*${pattern}` });

export const questions: readonly Question[] = [
  { query: "status:>=500", logsQl: "status:>=500", lines: { pattern: '"status":5' } },
  {
    query: "status:[500 TO 599] AND host:web-1",
    logsQl: 'status:range[500, 599] host:="web-1"',
    lines: { pattern: '"host":"web-1",.*"status":5' },
  },
  {
    query: 'source.ip:"10.0.0.0/8"',
    logsQl: '"source.ip":ipv4_range("10.0.0.0/8")',
    lines: { pattern: '"ip":"10\\.' },
  },
  {
    query: "source.ip:[10.16.0.0 TO 10.31.255.255] AND level:ERROR",
    logsQl: '"source.ip":ipv4_range("10.16.0.0", "10.31.255.255") level:="ERROR"',
    lines: { pattern: '"level":"ERROR".*"ip":"10\\.(1[6-9]|2\\d|3[01])\\.' },
  },
  {
    query: "2001",
    logsQl: "_msg:2001 or bytes:=2001",
    lines: { pattern: '"message":"[^"]*\\b2001\\b|"bytes":2001,' },
  },
  { query: "not 9200", logsQl: "_msg:not or _msg:9200", lines: message("\\b(not|9200)\\b") },
  {
    query: "bytes:[1000 TO 2000]",
    logsQl: "bytes:range[1000, 2000]",
    lines: { pattern: '"bytes":(1\\d{3}|2000),' },
  },
  { query: "took:>1.5", logsQl: "took:>1.5", lines: { pattern: '"took":1\\.(5\\d*[1-9]|[6-9])' } },
  {
    query: '@timestamp:["2026-11-25T12:10:01Z" TO *] OR host:web-2',
    logsQl: '_time:>=2026-11-25T12:10:01Z or host:="web-2"',
    lines: {
      pattern: '"@timestamp":"2026-11-25T(12:(10:(0[1-9]|[1-5])|1[1-9]|[2-5])|1[3-9])|"host":"web-2"',
    },
  },
  { query: "message:checkout", logsQl: "_msg:checkout", lines: message("\\bcheckout\\b") },
  {
    query: "NOT message:get",
    logsQl: "!_msg:GET",
    lines: { pattern: '"message":"GET ', inverted: true },
  },
  {
    query: "level:ERROR AND NOT host:web-1",
    logsQl: 'level:="ERROR" !host:="web-1"',
    lines: { pattern: '"host":"web-[2-8]","level":"ERROR"' },
  },
  {
    query: "timeout OR refused",
    logsQl: "_msg:timeout or _msg:refused",
    lines: message("(timeout|refused)"),
  },
  { query: "_exists_:error", logsQl: "error:*", lines: { pattern: '"error":' } },
  { query: "host:web-*", logsQl: 'host:="web-"*', lines: { pattern: '"host":"web-' } },
  { query: "message:check*", logsQl: "_msg:check*", lines: message("\\bcheck") },
  { query: '"checkout failed"', logsQl: '_msg:"checkout failed"', lines: message("\\bcheckout failed\\b") },
  { query: "*b331*", logsQl: '_msg:~"b331" or request:~"b331"', lines: { pattern: '"request":"[^"]*b331' } },
  {
    query: "/.*dead.*/",
    logsQl: '_msg:~"dead" or request:~"dead"',
    lines: { pattern: '"request":"[^"]*dead' },
  },
  { query: "deadbeef~" },
];
