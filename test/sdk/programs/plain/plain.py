"""A token and a secret by plain HTTP, with Python's own library and its own trust."""

import json
import sys
import urllib.request

METADATA = "http://169.254.169.254/metadata/identity/oauth2/token"
QUERY = "?api-version=2018-02-01&resource=https://vault.azure.net"


def fetch(url, headers):
    """The JSON at an address."""
    with urllib.request.urlopen(urllib.request.Request(url, headers=headers)) as reply:
        return json.load(reply)


token = fetch(METADATA + QUERY, {"Metadata": "true"})["access_token"]
print(fetch(sys.argv[1], {"Authorization": "Bearer " + token})["value"])
