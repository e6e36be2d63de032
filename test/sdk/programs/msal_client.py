"""In the shell: MSAL's confidential client, with a secret and with the owner's certificate."""

import os
import sys

import jwt
import msal
import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from telling import claims_of, tell

client_id, secret = sys.argv[1:]
AUTHORITY = f"https://login.microsoftonline.com/{os.environ['AZURE_TENANT_ID']}"
SCOPES = ["https://management.azure.com/.default"]

with open(os.environ["AZURE_CLIENT_CERTIFICATE_PATH"], encoding="ascii") as file:
    pem = file.read()
certificate = x509.load_pem_x509_certificate(pem.encode())
thumbprint = certificate.fingerprint(hashes.SHA1()).hex()
public = pem[pem.index("-----BEGIN CERTIFICATE-----") :]


def ask(client, credential):
    """What the token service answers to this client."""
    application = msal.ConfidentialClientApplication(
        client, authority=AUTHORITY, client_credential=credential
    )
    return application.acquire_token_for_client(scopes=SCOPES)


owner = os.environ["AZURE_CLIENT_ID"]
replies = {
    "secret": ask(client_id, secret),
    "sha1": ask(owner, {"private_key": pem, "thumbprint": thumbprint}),
    "sha1WithChain": ask(
        owner, {"private_key": pem, "thumbprint": thumbprint, "public_certificate": public}
    ),
    "sha256": ask(owner, {"private_key": pem, "public_certificate": public}),
}
wrong = ask(client_id, secret + "x")

# Nothing is known but the authority: its discovery document leads to the keys.
discovered = requests.get(AUTHORITY + "/v2.0/.well-known/openid-configuration", timeout=10).json()
token = replies["secret"]["access_token"]
key = jwt.PyJWKClient(discovered["jwks_uri"]).get_signing_key_from_jwt(token).key
verified = jwt.decode(token, key, algorithms=["RS256"], audience="https://management.azure.com")

tell(
    {
        "objects": {
            name: claims_of(reply["access_token"])["oid"] for name, reply in replies.items()
        },
        "verified": [verified["iss"], verified["appid"]],
        "wrong": [wrong["error"], wrong["error_codes"]],
    }
)
