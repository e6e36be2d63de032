"""In the shell: the owner builds and takes down an estate, with the management libraries."""

import os
import uuid

from azure.identity import DefaultAzureCredential
from azure.mgmt.authorization import AuthorizationManagementClient
from azure.mgmt.compute import ComputeManagementClient
from azure.mgmt.keyvault import KeyVaultManagementClient
from azure.mgmt.msi import ManagedServiceIdentityClient
from azure.mgmt.resource.resources import ResourceManagementClient
from telling import refusal, tell

SUBSCRIPTION = os.environ["AZURE_SUBSCRIPTION_ID"]
TENANT = os.environ["AZURE_TENANT_ID"]
GROUP = "by-python"
WHERE = {"location": "westeurope"}

credential = DefaultAzureCredential()
resources = ResourceManagementClient(credential, SUBSCRIPTION)
identities = ManagedServiceIdentityClient(credential, SUBSCRIPTION)
compute = ComputeManagementClient(credential, SUBSCRIPTION)
vaults = KeyVaultManagementClient(credential, SUBSCRIPTION)
authorization = AuthorizationManagementClient(credential, SUBSCRIPTION)

resources.resource_groups.create_or_update(GROUP, WHERE)
worker = identities.user_assigned_identities.create_or_update(GROUP, "worker", WHERE)
machine = compute.virtual_machines.begin_create_or_update(
    GROUP,
    "built",
    {
        **WHERE,
        "identity": {
            "type": "SystemAssigned, UserAssigned",
            "userAssignedIdentities": {worker.id: {}},
        },
        "properties": {},
    },
).result()
vault = vaults.vaults.begin_create_or_update(
    GROUP,
    "by-python-vault",
    {
        **WHERE,
        "properties": {
            "tenantId": TENANT,
            "sku": {"family": "A", "name": "standard"},
            "enableRbacAuthorization": True,
        },
    },
).result()
(role,) = authorization.role_definitions.list(vault.id, filter="roleName eq 'Key Vault Reader'")
assignment = authorization.role_assignments.create(
    vault.id,
    str(uuid.uuid4()),
    {
        "role_definition_id": role.id,
        "principal_id": machine.identity.principal_id,
        "principal_type": "ServicePrincipal",
    },
)
found = list(
    authorization.role_assignments.list_for_scope(
        vault.id, filter=f"principalId eq '{machine.identity.principal_id}'"
    )
)
listed = sorted(one.type for one in resources.resources.list_by_resource_group(GROUP))
compute.virtual_machines.begin_delete(GROUP, "built").result()
gone = refusal(lambda: compute.virtual_machines.get(GROUP, "built"))
lives = identities.user_assigned_identities.get(GROUP, "worker").principal_id == worker.principal_id
resources.resource_groups.begin_delete(GROUP).result()

tell(
    {
        "machine": [machine.provisioning_state, machine.identity.type],
        "carries": [one.client_id == worker.client_id for one in machine.identity.user_assigned_identities.values()],
        "vault": vault.properties.vault_uri,
        "role": role.role_name,
        "assigned": [one.id for one in found] == [assignment.id],
        "listed": listed,
        "gone": gone,
        "lives": lives,
        "groupExists": resources.resource_groups.check_existence(GROUP),
    }
)
