"""Reads a JSON list of {name, policy} from stdin and writes parliament's findings as a JSON list."""

import json
import sys

import parliament

findings = []
for document in json.load(sys.stdin):
    for finding in parliament.analyze_policy_string(document["policy"]).findings:
        findings.append(
            {"name": document["name"], "issue": finding.issue, "detail": json.dumps(finding.detail, default=str)}
        )
json.dump(findings, sys.stdout)
