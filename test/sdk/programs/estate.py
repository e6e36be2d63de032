"""In the shell: network, storage, sites and locks by the management libraries, as tools built on
them (Ansible, Cloud Custodian) use them: pollers, pages, stale etags, scopes escaped in one piece."""

import asyncio
import os

from azure.core.rest import HttpRequest
from azure.identity import CertificateCredential
from azure.identity.aio import DefaultAzureCredential as AsyncCredential
from azure.mgmt.compute import ComputeManagementClient
from azure.mgmt.network import NetworkManagementClient
from azure.mgmt.resource.locks import ManagementLockClient
from azure.mgmt.resource.resources import ResourceManagementClient
from azure.mgmt.storage import StorageManagementClient
from azure.mgmt.web import WebSiteManagementClient
from telling import claims_of, refusal, tell

SUBSCRIPTION = os.environ["AZURE_SUBSCRIPTION_ID"]
GROUP = "by-tools"
WHERE = {"location": "westeurope"}
SCOPE = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/{GROUP}"
MANAGEMENT = "https://management.azure.com/.default"

# Ansible's own names for the owner's certificate.
credential = CertificateCredential(
    os.environ["AZURE_TENANT"],
    os.environ["AZURE_CLIENT_ID"],
    certificate_path=os.environ["AZURE_X509_CERTIFICATE_PATH"],
)
resources = ResourceManagementClient(credential, SUBSCRIPTION)
network = NetworkManagementClient(credential, SUBSCRIPTION)
compute = ComputeManagementClient(credential, SUBSCRIPTION)
storage = StorageManagementClient(credential, SUBSCRIPTION)
sites = WebSiteManagementClient(credential, SUBSCRIPTION)
locks = ManagementLockClient(credential, SUBSCRIPTION)


async def asynchronous():
    """This one writes its assertion with padding."""
    async with AsyncCredential() as one:
        return claims_of((await one.get_token(MANAGEMENT)).token)["appid"]


def build():
    resources.resource_groups.create_or_update(GROUP, WHERE)
    rule = {
        "name": "ssh",
        "properties": {
            "protocol": "tcp",
            "sourcePortRange": "*",
            "destinationPortRange": "22",
            "sourceAddressPrefix": "*",
            "destinationAddressPrefix": "*",
            "access": "allow",
            "priority": 100,
            "direction": "inbound",
        },
    }
    group = network.network_security_groups.begin_create_or_update(
        GROUP, "closed", {**WHERE, "properties": {"securityRules": [rule]}}
    ).result()
    subnet = {
        "name": "one",
        "properties": {"addressPrefix": "10.0.0.0/24", "networkSecurityGroup": {"id": group.id}},
    }
    net = network.virtual_networks.begin_create_or_update(
        GROUP,
        "net",
        {
            **WHERE,
            "properties": {
                "addressSpace": {"addressPrefixes": ["10.0.0.0/16"]},
                "subnets": [subnet],
            },
        },
    ).result()
    address = {"name": "first", "properties": {"subnet": {"id": net.subnets[0].id}}}
    card = network.network_interfaces.begin_create_or_update(
        GROUP, "card", {**WHERE, "properties": {"ipConfigurations": [address]}}
    ).result()
    image = {
        "publisher": "Canonical",
        "offer": "0001-com-ubuntu-server-jammy",
        "sku": "22_04-lts",
        "version": "latest",
    }
    machine = compute.virtual_machines.begin_create_or_update(
        GROUP,
        "machine",
        {
            **WHERE,
            "identity": {"type": "SystemAssigned"},
            "properties": {
                "hardwareProfile": {"vmSize": "Standard_B1s"},
                "storageProfile": {
                    "imageReference": image,
                    "osDisk": {"createOption": "FromImage"},
                },
                "osProfile": {
                    "computerName": "machine",
                    "adminUsername": "azureuser",
                    "adminPassword": "Correct-horse-12",
                },
                "networkProfile": {"networkInterfaces": [{"id": card.id}]},
            },
        },
    ).result()
    account = storage.storage_accounts.begin_create(
        GROUP, "bytoolsstore", {**WHERE, "kind": "StorageV2", "sku": {"name": "Standard_LRS"}}
    ).result()
    plan = sites.app_service_plans.begin_create_or_update(
        GROUP, "plan", {**WHERE, "kind": "linux", "sku": {"name": "B1"}, "properties": {"reserved": True}}
    ).result()
    site = sites.web_apps.begin_create_or_update(
        GROUP,
        "by-tools-site",
        {**WHERE, "identity": {"type": "SystemAssigned"}, "properties": {"serverFarmId": plan.id}},
    ).result()
    return machine, {
        "rule": [group.security_rules[0].access, group.security_rules[0].direction],
        "address": card.ip_configurations[0].private_ip_address,
        "machine": machine.provisioning_state,
        "blobs": account.primary_endpoints.blob,
        "plan": [plan.kind, plan.sku.tier],
        "site": [site.default_host_name, site.identity.principal_id is not None],
    }


def stale():
    """An etag that is no longer the network's."""
    net = network.virtual_networks.get(GROUP, "net")
    network.virtual_networks.begin_create_or_update(
        GROUP, "net", net, headers={"If-Match": 'W/"00000000-0000-0000-0000-000000000000"'}
    ).result()


def lock(machine):
    """By scope: this library escapes the slashes of a scope."""
    locks.management_locks.create_or_update_by_scope(machine.id, "keep", {"level": "CanNotDelete"})
    refused = refusal(lambda: compute.virtual_machines.begin_delete(GROUP, "machine").result())
    listed = [one.name for one in locks.management_locks.list_at_resource_group_level(GROUP)]
    locks.management_locks.delete_by_scope(machine.id, "keep")
    return {"refused": refused, "listed": listed}


def batch():
    """As Ansible's inventory asks: by an address that no library has."""
    machines = f"https://management.azure.com{SCOPE}/providers/Microsoft.Compute/virtualMachines"
    absent = machines.replace(GROUP, "absent")
    urls = [f"{url}?api-version=2024-07-01" for url in (machines, absent)]
    asked = [{"httpMethod": "GET", "name": str(at), "url": url} for at, url in enumerate(urls)]
    request = HttpRequest(
        "POST",
        "https://management.azure.com/batch?api-version=2015-11-01",
        headers={"Authorization": f"Bearer {credential.get_token(MANAGEMENT).token}"},
        json={"requests": asked},
    )
    answers = resources._client.send_request(request).json()["responses"]
    names = [one["name"] for one in answers[0]["content"]["value"]]
    return [[one["name"], one["httpStatusCode"]] for one in answers], names


def pages():
    """One resource a page, each page by the address that the one before gave."""
    return [len(list(page)) for page in resources.resources.list(top=1).by_page()]


machine, made = build()
seen = {
    "asynchronous": asyncio.run(asynchronous()) == os.environ["AZURE_CLIENT_ID"],
    "made": made,
    "stale": refusal(stale),
    "lock": lock(machine),
    "batch": batch(),
    "pages": set(pages()) == {1},
}
compute.virtual_machines.begin_delete(GROUP, "machine").result()
seen["again"] = compute.virtual_machines.begin_delete(GROUP, "machine").status()
resources.resource_groups.begin_delete(GROUP).result()
seen["groupExists"] = resources.resource_groups.check_existence(GROUP)
tell(seen)
