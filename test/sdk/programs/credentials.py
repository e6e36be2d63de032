"""In a machine: every way in which azure-identity takes a token of a managed identity."""

import sys

from azure.identity import DefaultAzureCredential, ManagedIdentityCredential
from telling import claims_of, refusal, tell

client_id, object_id, resource_id, foreign_client_id = sys.argv[1:]
SCOPE = "https://vault.azure.net/.default"

credentials = {
    "default": ManagedIdentityCredential(),
    "clientId": ManagedIdentityCredential(client_id=client_id),
    "objectId": ManagedIdentityCredential(identity_config={"object_id": object_id}),
    "resourceId": ManagedIdentityCredential(identity_config={"resource_id": resource_id}),
    "chain": DefaultAzureCredential(),
    "chainByClientId": DefaultAzureCredential(managed_identity_client_id=client_id),
}
foreign = ManagedIdentityCredential(client_id=foreign_client_id)
system = ManagedIdentityCredential()
tell(
    {
        "objects": {
            name: claims_of(credential.get_token(SCOPE).token)["oid"]
            for name, credential in credentials.items()
        },
        "audience": claims_of(system.get_token("https://management.azure.com//.default").token)["aud"],
        "foreign": refusal(lambda: foreign.get_token(SCOPE)),
        "unknownResource": refusal(lambda: system.get_token("https://nobody.example.com/.default")),
    }
)
