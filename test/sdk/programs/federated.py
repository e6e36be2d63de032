"""In a machine: an application that trusts the machine's identity, in both ways of the SDK."""

import os
import sys
import tempfile

from azure.identity import (
    ClientAssertionCredential,
    ManagedIdentityCredential,
    WorkloadIdentityCredential,
)
from telling import claims_of, tell

tenant_id, client_id, identity_client_id = sys.argv[1:]
SCOPE = "https://vault.azure.net/.default"

identity = ManagedIdentityCredential(client_id=identity_client_id)


def assertion():
    return identity.get_token("api://AzureADTokenExchange/.default").token


claims = claims_of(assertion())
by_assertion = ClientAssertionCredential(tenant_id, client_id, assertion)
with tempfile.NamedTemporaryFile("w", delete=False) as file:
    file.write(assertion())
by_file = WorkloadIdentityCredential(
    tenant_id=tenant_id, client_id=client_id, token_file_path=file.name
)
try:
    tell(
        {
            "assertion": [claims["iss"], claims["aud"], claims["sub"]],
            "byAssertion": claims_of(by_assertion.get_token(SCOPE).token)["oid"],
            "byFile": claims_of(by_file.get_token(SCOPE).token)["oid"],
        }
    )
finally:
    os.remove(file.name)
