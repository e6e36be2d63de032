"""In the shell: a user signs in by every way of MSAL's for Python."""
import json
import os
import re
import sys

import msal
import requests

AZ = "04b07795-8ddb-461a-bbee-02f9e1bf7b46"
ARM = ["https://management.azure.com/.default"]
VAULT = ["https://vault.azure.net/.default"]
USERNAME, PASSWORD = os.environ["USER_NAME"], os.environ["USER_PASSWORD"]
client_id, client_secret = sys.argv[1:3]
# Without a tenant, as `az login` does it.
AUTHORITY = "https://login.microsoftonline.com/organizations"


def client():
    return msal.PublicClientApplication(AZ, authority=AUTHORITY)


def sign_in(page, fields):
    """What a browser and its person do."""
    browser = requests.Session()
    text = browser.get(page).text
    hidden = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', text))
    hidden = {name: value.replace("&quot;", '"').replace("&amp;", "&") for name, value in hidden.items()}
    person = {"username": USERNAME, "password": PASSWORD}
    return browser.post(page, data={**hidden, **fields, **person}, allow_redirects=False)


def told(result):
    claims = result.get("id_token_claims", {})
    return [claims.get("preferred_username"), result.get("token_type"), result.get("error")]


by_password = client()
first = by_password.acquire_token_by_username_password(USERNAME, PASSWORD, scopes=ARM)
account = by_password.get_accounts()[0]
refreshed = by_password.acquire_token_silent(VAULT, account=account)

by_device = client()
flow = by_device.initiate_device_flow(scopes=ARM)
sign_in(flow["verification_uri"], {"otc": flow["user_code"]})
device = by_device.acquire_token_by_device_flow(flow)

by_code = client()
asked = by_code.initiate_auth_code_flow(
    ARM, redirect_uri="http://localhost:4711", response_mode="form_post"
)
posted = sign_in(asked["auth_uri"], {}).text
answer = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', posted))
code = by_code.acquire_token_by_auth_code_flow(asked, answer)

for_service = client().acquire_token_by_username_password(
    USERNAME, PASSWORD, scopes=[f"api://{client_id}/.default"]
)
service = msal.ConfidentialClientApplication(
    client_id,
    client_credential=client_secret,
    authority=f"https://login.microsoftonline.com/{os.environ['AZURE_TENANT_ID']}",
)
on_behalf = service.acquire_token_on_behalf_of(for_service["access_token"], VAULT)

wrong = client().acquire_token_by_username_password(USERNAME, "Wrong-1", scopes=ARM)

print(json.dumps({
    "ways": {name: told(one) for name, one in {
        "first": first, "device": device, "code": code, "onBehalf": on_behalf,
    }.items()},
    "account": account["username"],
    "refreshed": bool(refreshed and "access_token" in refreshed),
    "wrong": [wrong["error"], wrong["error_codes"]],
}))
