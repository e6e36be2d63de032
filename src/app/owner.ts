/**
 * The first start, and the owner, who comes in two shapes with the Owner role at the root of the
 * tenant: the service principal by which the operator's programs act through the public APIs, with
 * a certificate in the data folder; and the user by whom the operator signs in, whose first
 * password is shown once and kept nowhere.
 */
import { existsSync } from 'node:fs'
import { DAY_MS } from '../base/clock.ts'
import {
  type ClientId,
  newId,
  type ObjectId,
  type SubscriptionId,
  type TenantId,
} from '../base/ids.ts'
import { TENANT } from '../base/resource-id.ts'
import type { Secret } from '../base/secret.ts'
import type { Call } from '../core/call.ts'
import { createApplication } from '../core/directory/applications.ts'
import { makeGlobalAdministrator } from '../core/directory/directory-roles.ts'
import { addKeyCredential } from '../core/directory/key-credentials.ts'
import {
  drawPassword,
  type HashedPassword,
  hashPassword,
} from '../core/directory/user-passwords.ts'
import { createUser, TENANT_DOMAIN } from '../core/directory/users.ts'
import { OWNER_ROLE_ID } from '../core/rbac/built-in-roles.ts'
import { putAssignment } from '../core/rbac/role-assignments.ts'
import { createSubscription } from '../core/resources/subscriptions.ts'
import { type Transaction, transaction } from '../core/transaction.ts'
import type { DataFolder } from './data-folder.ts'
import {
  makeOwnerCertificate,
  type OwnerCertificate,
  readOwnerCertificate,
  writeOwnerCertificate,
} from './owner-certificate.ts'
import { addSetting, type InstanceSettings, proveMasterKey, writeSettings } from './settings.ts'

const OWNER_NAME = 'Locum owner'
const OWNER_USER_NAME = `owner@${TENANT_DOMAIN}`
const RENEW_BEFORE_END_MS = 30 * DAY_MS

/** What is told once, when the owner user is made. */
export interface FirstPassword {
  readonly userPrincipalName: string
  readonly password: Secret<string>
}

/** Makes the instance what it is for good: subscription, owner, settings; all or nothing. */
export async function firstStart(
  call: Call,
  folder: DataFolder,
  { subscriptionId }: { readonly subscriptionId: SubscriptionId },
): Promise<{ readonly settings: InstanceSettings; readonly firstPassword: FirstPassword }> {
  const firstPassword = drawFirstPassword()
  const [made, password] = await Promise.all([
    makeOwnerCertificate(OWNER_NAME, call.now),
    hashPassword(firstPassword.password),
  ])
  // The file first: were the commit first, a crash in between would lose the key for good.
  writeOwnerCertificate(folder, made)
  const settings = await transaction(call, async (tx) => {
    await createSubscription(tx, { subscriptionId, displayName: 'Locum' })
    const owner = await createOwner(tx, made)
    const settings: InstanceSettings = {
      tenantId: call.tenantId,
      subscriptionId,
      ...owner,
      ownerUserId: await createOwnerUser(tx, password),
      masterKeyProof: proveMasterKey(call.seal),
    }
    await writeSettings(tx.db, settings)
    return settings
  })
  return { settings, firstPassword }
}

/** An instance that was made before there were users gets its owner user now. */
export async function addOwnerUser(call: Call): Promise<FirstPassword> {
  const firstPassword = drawFirstPassword()
  const password = await hashPassword(firstPassword.password)
  await transaction(call, async (tx) => {
    await addSetting(tx.db, 'ownerUserId', await createOwnerUser(tx, password))
  })
  return firstPassword
}

function drawFirstPassword(): FirstPassword {
  return { userPrincipalName: OWNER_USER_NAME, password: drawPassword() }
}

async function createOwnerUser(tx: Transaction, password: HashedPassword): Promise<ObjectId> {
  const { objectId } = await createUser(tx, {
    userPrincipalName: OWNER_USER_NAME,
    displayName: OWNER_NAME,
    password,
  })
  await giveOwnerRole(tx, objectId, 'User')
  return objectId
}

/** Makes the owner a new certificate when its file is gone or about to end. */
export async function keepOwnerCertificate(
  call: Call,
  folder: DataFolder,
  applicationId: ObjectId,
): Promise<void> {
  const kept = readOwnerCertificate(folder)
  if (kept && kept.notAfter - call.now > RENEW_BEFORE_END_MS) {
    // Instances of before there were two files have only the first.
    if (!existsSync(folder.ownerPkcs12)) writeOwnerCertificate(folder, kept)
    return
  }
  const made = await makeOwnerCertificate(OWNER_NAME, call.now)
  await transaction(call, (tx) =>
    addKeyCredential(tx, { ownerId: applicationId, certificate: made.der }),
  )
  writeOwnerCertificate(folder, made)
}

async function createOwner(
  tx: Transaction,
  { der }: OwnerCertificate,
): Promise<{ ownerObjectId: ObjectId; ownerClientId: ClientId; ownerApplicationId: ObjectId }> {
  const { application, servicePrincipal } = await createApplication(tx, { displayName: OWNER_NAME })
  await addKeyCredential(tx, { ownerId: application.objectId, certificate: der })
  await giveOwnerRole(tx, servicePrincipal.objectId, 'ServicePrincipal')
  return {
    ownerObjectId: servicePrincipal.objectId,
    ownerClientId: application.clientId,
    ownerApplicationId: application.objectId,
  }
}

/** Owner of all that Resource Manager manages, and administrator of the directory. */
async function giveOwnerRole(
  tx: Transaction,
  principalId: ObjectId,
  principalType: 'ServicePrincipal' | 'User',
): Promise<void> {
  await makeGlobalAdministrator(tx, principalId)
  await putAssignment(tx, {
    name: newId<TenantId>(),
    scope: TENANT,
    roleId: OWNER_ROLE_ID,
    principalId,
    principalType,
  })
}
