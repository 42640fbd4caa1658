"""OpenSearch's own client for Python against the search API at the address that is given; prints what it read as JSON."""

import json
import sys

from opensearchpy import OpenSearch
from opensearchpy.exceptions import NotFoundError, RequestError
from opensearchpy.helpers import scan

client = OpenSearch(sys.argv[1])
newest = {"query": {"match": {"message": "world"}}, "sort": [{"@timestamp": "desc"}, {"_id": "asc"}], "size": 1}
first = client.search(index="small", body=newest)["hits"]["hits"]
rest = client.search(index="small", body={**newest, "size": 2, "search_after": first[-1]["sort"]})["hits"]["hits"]
hosts = client.search(index="small", body={"size": 0, "aggs": {"hosts": {"terms": {"field": "host.name"}}}})


def refused(call):
    try:
        call()
    except (NotFoundError, RequestError) as error:
        return [error.status_code, error.error]
    return "was answered"


print(
    json.dumps(
        {
            "version": client.info()["version"]["number"],
            "ids": [hit["_id"] for hit in first + rest],
            "count": client.count(index="sm*", body={"query": {"exists": {"field": "ratio"}}})["count"],
            "hosts": [[bucket["key"], bucket["doc_count"]] for bucket in hosts["aggregations"]["hosts"]["buckets"]],
            "document": client.get(index="small", id="1")["_source"]["message"],
            "noIndex": refused(lambda: client.search(index="none")),
            "noScroll": refused(lambda: list(scan(client, index="small")))[0],
        }
    )
)
