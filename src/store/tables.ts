/**
 * The tables, as Kysely sees them; `migrations/` makes them. Exactly one room of core writes each.
 *
 * Times are milliseconds since 1970, booleans 0 and 1, JSON is text, keys of resources lower case.
 */

/** Facts of the instance: tenant id, first subscription, who its owner is. Written by app. */
export interface SettingsTable {
  name: string
  value: string
}

/** core/directory */
export interface ServicePrincipalsTable {
  object_id: string
  client_id: string
  type: 'ManagedIdentity' | 'Application'
  display_name: string
  /** JSON array, as Graph's alternativeNames. */
  alternative_names: string
  account_enabled: number
  created_at: number
  /** Seconds since 1970; null where none were revoked. */
  tokens_valid_from: number | null
}

/** core/directory */
export interface ApplicationsTable {
  object_id: string
  client_id: string
  display_name: string
  created_at: number
}

/** core/directory: secrets of applications, hashed. */
export interface PasswordCredentialsTable {
  key_id: string
  owner_id: string
  salt: Uint8Array
  hash: Uint8Array
  hint: string
  display_name: string | null
  starts_at: number
  ends_at: number
}

/** core/directory: certificates of applications and managed identities. */
export interface KeyCredentialsTable {
  key_id: string
  owner_id: string
  /** Upper-case hex SHA-1 of the certificate. */
  thumbprint: string
  /** DER. */
  certificate: Uint8Array
  /** PKCS#8 DER, sealed; only where the platform itself holds the key. */
  private_key: Uint8Array | null
  starts_at: number
  ends_at: number
}

/** core/directory */
export interface UsersTable {
  object_id: string
  user_principal_name: string
  /** The user principal name in lower case: names compare so. */
  name_key: string
  display_name: string
  account_enabled: number
  /** What was signed in before this is signed out. */
  sessions_valid_from: number
  created_at: number
}

/** core/directory: passwords of users, hashed. */
export interface UserPasswordsTable {
  user_id: string
  salt: Uint8Array
  hash: Uint8Array
  /** Since the last right one. */
  wrong_guesses: number
  /** 0 when it never was. */
  locked_until: number
}

/** core/directory */
export interface GroupsTable {
  object_id: string
  display_name: string
  created_at: number
}

/** core/directory */
export interface GroupMembersTable {
  group_id: string
  member_id: string
}

/** core/signin: a user who has signed in to a client. */
export interface SignInsTable {
  id: string
  user_id: string
  client_id: string
  /** Whether the client proved itself, and so must again. */
  confidential: number
  authenticated_at: number
  /** Nothing that came of it is good for longer. */
  expires_at: number
  /** Of a client that runs in a browser: where it cannot be prolonged any more. */
  fixed_end: number | null
}

/** core/signin: browsers whose user stays signed in, by the SHA-256 of their cookie. */
export interface BrowserSessionsTable {
  hash: Uint8Array
  user_id: string
  authenticated_at: number
  expires_at: number
  /** JSON. */
  clients: string
}

/** core/signin: single use, by their SHA-256. */
export interface AuthorizationCodesTable {
  hash: Uint8Array
  sign_in_id: string
  redirect_uri: string
  /** base64url SHA-256 of the verifier (RFC 7636). */
  challenge: string | null
  scope: string
  nonce: string | null
  expires_at: number
  used: number
}

/** core/signin: single use, by their SHA-256. */
export interface DeviceCodesTable {
  hash: Uint8Array
  /** What the person types. */
  user_code_hash: Uint8Array
  client_id: string
  scope: string
  /** Once approved. */
  sign_in_id: string | null
  state: 'pending' | 'approved' | 'declined' | 'used'
  expires_at: number
}

/** core/signin: by their SHA-256. */
export interface RefreshTokensTable {
  hash: Uint8Array
  sign_in_id: string
  /** When another took its place. */
  replaced_at: number | null
  expires_at: number
}

/** core/directory: the members of directory objects that Graph keeps as they came. */
export interface DirectoryProfilesTable {
  object_id: string
  /** JSON object, by Graph's names. */
  profile: string
}

/** core/directory */
export interface DirectoryOwnersTable {
  object_id: string
  owner_id: string
}

/** core/directory: who holds a directory role. */
export interface DirectoryRoleMembersTable {
  /** The role's template id, the same in every tenant. */
  role_id: string
  member_id: string
}

/** core/directory: roles that have been activated in the tenant. */
export interface ActivatedRolesTable {
  template_id: string
}

/** core/directory: what was deleted and can be restored; the rest of it stays in its own tables. */
export interface DeletedObjectsTable {
  object_id: string
  kind: 'application' | 'servicePrincipal' | 'user' | 'group'
  /** JSON of the object as core knows it. */
  facts: string
  /** JSON array of object ids of the groups it was in. */
  member_of: string
  /** JSON array of object ids, of a group. */
  members: string
  deleted_at: number
}

/** core/directory: application permissions granted. */
export interface AppRoleAssignmentsTable {
  id: string
  principal_id: string
  /** Object id of the service principal whose role it is. */
  resource_id: string
  app_role_id: string
  created_at: number
}

/** core/directory: delegated permissions granted. */
export interface PermissionGrantsTable {
  id: string
  /** Object id of the client's service principal. */
  client_id: string
  consent_type: 'AllPrincipals' | 'Principal'
  principal_id: string | null
  resource_id: string
  /** Names of scopes, separated by blanks. */
  scope: string
}

/** core/directory: tokens of other issuers that stand for a credential. */
export interface FederatedCredentialsTable {
  id: string
  /** Object id of the application, or of the service principal of a managed identity. */
  owner_id: string
  name: string
  issuer: string
  subject: string
  /** JSON array. */
  audiences: string
  description: string | null
}

/** core/tokens: keys that sign access tokens. */
export interface SigningKeysTable {
  /** base64url SHA-1 of the certificate. */
  kid: string
  certificate: Uint8Array
  private_key: Uint8Array
  created_at: number
  /** Signs from here on … */
  active_at: number
  /** … and is published until here. */
  ends_at: number
}

/** core/resources: everything Resource Manager keeps, subscriptions and groups included. */
export interface ResourcesTable {
  key: string
  /** The id with its casing. */
  id: string
  /** Lower case: `microsoft.compute/virtualmachines`. */
  type: string
  name: string
  /** The key of the parent resource, extended resource, group, subscription or `/`. */
  parent_key: string
  subscription_id: string | null
  /** Lower case. */
  resource_group: string | null
  location: string | null
  kind: string | null
  /** The members beside properties that Resource Manager keeps as they came: JSON objects or null. */
  tags: string | null
  sku: string | null
  envelope: string | null
  properties: string
  /** JSON: what the provider keeps for itself and never shows. */
  state: string | null
  provisioning_state: string | null
  version: number
  created_at: number
  created_by: string | null
  changed_at: number
  changed_by: string | null
}

/** core/resources: long-running operations. */
export interface OperationsTable {
  id: string
  resource_key: string
  resource_id: string
  subscription_id: string | null
  /** `InProgress`, `Succeeded`, `Failed` or `Canceled`. */
  status: string
  /** `{ code, message }` of a failed one. */
  error: string | null
  started_at: number
  ended_at: number | null
  /** The job that does this one alone; null where a job compares wanted with actual. */
  job: string | null
  /** What that job is to do, sealed; null once it has taken it. */
  input: Uint8Array | null
  /** What came of it, sealed. */
  result: Uint8Array | null
  /** Object id of the principal that began it; null for the program itself. */
  begun_by: string | null
}

/** core/resources: which resource refers to which. */
export interface ResourceLinksTable {
  /** The resource whose row goes when it is deleted or refers to others. */
  owner_key: string
  /** The id of it, or of the part of it, that refers. */
  from_id: string
  to_key: string
}

/** core/identity: the service principal of each resource that has one of its own. */
export interface ManagedIdentitiesTable {
  /** The host, for a system-assigned identity; the identity itself, for a user-assigned one. */
  resource_key: string
  kind: 'SystemAssigned' | 'UserAssigned'
  object_id: string
}

/** core/identity: which user-assigned identities a resource carries. */
export interface IdentityAttachmentsTable {
  host_key: string
  identity_key: string
  /** The identity's id as answers show it. */
  identity_id: string
}

/** core/rbac: custom and imported roles; built-in ones are in the program. */
export interface RoleDefinitionsTable {
  /** The role's GUID. */
  id: string
  role_name: string
  /** The name in lower case: names compare so. */
  name_key: string
  type: 'BuiltInRole' | 'CustomRole'
  description: string
  /** JSON arrays. */
  permissions: string
  assignable_scopes: string
  created_at: number
  created_by: string | null
  updated_at: number
  updated_by: string | null
}

/** core/rbac */
export interface RoleAssignmentsTable {
  /** The assignment's GUID name, unique in the tenant. */
  name: string
  scope_key: string
  scope: string
  role_definition_id: string
  principal_id: string
  principal_type: string
  description: string | null
  condition: string | null
  condition_version: string | null
  /** The resource id of an identity that holds the assignment for another tenant. */
  delegated_identity_id: string | null
  created_at: number
  created_by: string | null
  updated_at: number
  updated_by: string | null
}

/** core/secrets: versions of the secrets of vaults. */
export interface SecretsTable {
  vault_key: string
  /** Lower case, for look-up; `name` keeps the casing. */
  name_key: string
  name: string
  version: string
  /** Sealed. */
  value: Uint8Array
  content_type: string | null
  tags: string | null
  enabled: number
  not_before: number | null
  expires_at: number | null
  created_at: number
  updated_at: number
  /** Orders versions made in the same millisecond. */
  sequence: number
}

/** core/secrets: versions of the keys of vaults. */
export interface KeysTable {
  vault_key: string
  name_key: string
  name: string
  version: string
  /** `RSA`, `EC`, … as created. */
  kty: string
  /** The public JWK. */
  public_jwk: string
  /** PKCS#8 DER, sealed. */
  private_key: Uint8Array
  /** JSON array. */
  key_ops: string
  tags: string | null
  enabled: number
  not_before: number | null
  expires_at: number | null
  created_at: number
  updated_at: number
  sequence: number
}

/** core/secrets: names that are deleted but recoverable. */
export interface DeletedVaultObjectsTable {
  vault_key: string
  collection: 'secrets' | 'keys'
  name_key: string
  deleted_at: number
  purge_at: number
}

/** core/rbac: what a management group or a subscription is right below. */
export interface ScopeParentsTable {
  scope_key: string
  parent_key: string
}

/** core/resources: tag names, and values of them, that a subscription knows before they are used. */
export interface PredefinedTagsTable {
  subscription_id: string
  name_key: string
  /** '' in the row of the name itself. */
  value: string
  name: string
}

/** core/secrets: when keys get their next version. */
export interface KeyRotationPoliciesTable {
  vault_key: string
  name_key: string
  /** JSON. */
  policy: string
  created_at: number
  updated_at: number
}

/** core/audit: one row per change and per decision that matters. */
export interface AuditTable {
  sequence: number
  at: number
  call_id: string
  caller: string
  action: string
  scope: string
  outcome: 'allowed' | 'denied' | 'done' | 'failed'
  /** JSON facts: never a secret. */
  facts: string
}

export interface Tables {
  settings: SettingsTable
  service_principals: ServicePrincipalsTable
  applications: ApplicationsTable
  password_credentials: PasswordCredentialsTable
  key_credentials: KeyCredentialsTable
  users: UsersTable
  user_passwords: UserPasswordsTable
  groups: GroupsTable
  group_members: GroupMembersTable
  directory_profiles: DirectoryProfilesTable
  directory_owners: DirectoryOwnersTable
  directory_role_members: DirectoryRoleMembersTable
  activated_roles: ActivatedRolesTable
  deleted_objects: DeletedObjectsTable
  app_role_assignments: AppRoleAssignmentsTable
  permission_grants: PermissionGrantsTable
  federated_credentials: FederatedCredentialsTable
  sign_ins: SignInsTable
  browser_sessions: BrowserSessionsTable
  authorization_codes: AuthorizationCodesTable
  device_codes: DeviceCodesTable
  refresh_tokens: RefreshTokensTable
  signing_keys: SigningKeysTable
  resources: ResourcesTable
  operations: OperationsTable
  resource_links: ResourceLinksTable
  predefined_tags: PredefinedTagsTable
  managed_identities: ManagedIdentitiesTable
  identity_attachments: IdentityAttachmentsTable
  role_definitions: RoleDefinitionsTable
  role_assignments: RoleAssignmentsTable
  scope_parents: ScopeParentsTable
  secrets: SecretsTable
  keys: KeysTable
  deleted_vault_objects: DeletedVaultObjectsTable
  key_rotation_policies: KeyRotationPoliciesTable
  audit: AuditTable
}
