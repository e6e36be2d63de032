"""In a machine: secrets and keys, with the Azure SDK for Python and a managed identity."""

import hashlib
import sys

from azure.identity import DefaultAzureCredential, ManagedIdentityCredential
from azure.keyvault.keys import (
    KeyClient,
    KeyRotationLifetimeAction,
    KeyRotationPolicy,
    KeyRotationPolicyAction,
)
from azure.keyvault.keys.crypto import (
    CryptographyClient,
    EncryptionAlgorithm,
    KeyWrapAlgorithm,
    SignatureAlgorithm,
)
from azure.keyvault.secrets import SecretClient
from telling import refusal, tell

vault_url, reader_client_id = sys.argv[1:]
credential = DefaultAzureCredential()
secrets = SecretClient(vault_url, credential)
reader = SecretClient(vault_url, ManagedIdentityCredential(client_id=reader_client_id))

first = secrets.set_secret("password", "first", tags={"of": "db"})
second = secrets.set_secret("password", "second", content_type="text/plain")
secrets.set_secret("other", "other")
values = [
    secrets.get_secret("password").value,
    secrets.get_secret("password", first.properties.version).value,
]
secrets.update_secret_properties("password", second.properties.version, enabled=False)
disabled = refusal(lambda: secrets.get_secret("password"))
versions = sorted(one.enabled for one in secrets.list_properties_of_secret_versions("password"))
listed = sorted(one.name for one in secrets.list_properties_of_secrets())
secrets.begin_delete_secret("password").result()
gone = refusal(lambda: secrets.get_secret("password"))
secrets.begin_recover_deleted_secret("password").result()
secrets.begin_delete_secret("other").result()
deleted = [one.name for one in secrets.list_deleted_secrets()]
secrets.purge_deleted_secret("other")
kept = secrets.backup_secret("password")
secrets.begin_delete_secret("password").result()
secrets.purge_deleted_secret("password")
secrets.restore_secret_backup(kept)

keys = KeyClient(vault_url, credential)
rsa = keys.create_rsa_key("rsa", size=2048)
curve = keys.create_ec_key("curve", curve="P-384")
digest = hashlib.sha256(b"what a key is for").digest()
wide = hashlib.sha384(b"what a key is for").digest()
with_rsa = CryptographyClient(rsa, credential)
with_curve = CryptographyClient(curve, credential)
# Known by its id alone, it asks the vault for everything.
from_afar = CryptographyClient(rsa.id, credential)
signed = with_rsa.sign(SignatureAlgorithm.ps256, digest).signature
signed_on_curve = with_curve.sign(SignatureAlgorithm.es384, wide).signature
sealed = with_rsa.encrypt(EncryptionAlgorithm.rsa_oaep_256, b"plain").ciphertext
wrapped = from_afar.wrap_key(KeyWrapAlgorithm.rsa_oaep, b"k" * 32).encrypted_key

keys.update_key_rotation_policy(
    "curve",
    KeyRotationPolicy(
        expires_in="P90D",
        lifetime_actions=[
            KeyRotationLifetimeAction(KeyRotationPolicyAction.rotate, time_before_expiry="P30D")
        ],
    ),
)
rotated = keys.rotate_key("curve")
policy = keys.get_key_rotation_policy("curve")
kept_key = keys.backup_key("curve")
keys.begin_delete_key("curve").result()
keys.purge_deleted_key("curve")
restored = keys.restore_key_backup(kept_key)

tell(
    {
        "values": values,
        "disabled": disabled,
        "versions": versions,
        "listed": listed,
        "gone": gone,
        "recovered": secrets.get_secret("password", first.properties.version).properties.tags,
        "deleted": deleted,
        "purged": refusal(lambda: secrets.get_deleted_secret("other")),
        "readers": {
            "value": reader.get_secret("password", first.properties.version).value,
            "write": refusal(lambda: reader.set_secret("password", "mine")),
        },
        "signatures": [
            with_rsa.verify(SignatureAlgorithm.ps256, digest, signed).is_valid,
            with_curve.verify(SignatureAlgorithm.es384, wide, signed_on_curve).is_valid,
            with_rsa.verify(SignatureAlgorithm.ps256, digest, bytes(256)).is_valid,
        ],
        "opened": with_rsa.decrypt(EncryptionAlgorithm.rsa_oaep_256, sealed).plaintext.decode(),
        "unwrapped": from_afar.unwrap_key(KeyWrapAlgorithm.rsa_oaep, wrapped).key.decode(),
        "keys": sorted(one.name for one in keys.list_properties_of_keys()),
        "curve": [str(curve.key_type.value), str(curve.key.crv.value)],
        "rotated": [
            rotated.id != curve.id,
            (rotated.properties.expires_on - rotated.properties.created_on).days,
            [str(one.action.value) for one in policy.lifetime_actions],
        ],
        "restored": restored.id == rotated.id,
        "missing": refusal(lambda: keys.get_key("nothing")),
    }
)
