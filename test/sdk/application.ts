/**
 * An application with a secret, put into the directory of a Locum that does not run, by the
 * directory's own verbs: no public API makes applications yet.
 */
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { after, DAY_MS, runningClock } from '../../src/base/clock.ts'
import { asId, newId, type TenantId } from '../../src/base/ids.ts'
import { silentLog } from '../../src/base/log.ts'
import { azureNames } from '../../src/base/names.ts'
import { MASTER_KEY_BYTES, openSeal } from '../../src/base/seal.ts'
import { Secret } from '../../src/base/secret.ts'
import type { Call } from '../../src/core/call.ts'
import { createApplication } from '../../src/core/directory/applications.ts'
import { addPasswordCredential } from '../../src/core/directory/password-credentials.ts'
import { transaction } from '../../src/core/transaction.ts'
import { openSqlite } from '../../src/store/sqlite.ts'
import type { Locum } from '../locum.ts'

export interface ApplicationWithSecret {
  readonly clientId: string
  readonly objectId: string
  readonly secret: string
}

/** Stops the Locum, adds the application, starts it again. */
export async function addApplication(locum: Locum): Promise<ApplicationWithSecret> {
  const { tenantId } = locum.status
  await locum.stop()
  const database = openSqlite(join(locum.folder, 'locum.db'))
  const now = runningClock().now()
  const call: Call = {
    id: newId(),
    caller: { kind: 'job', name: 'test' },
    now,
    tenantId: asId<TenantId>(tenantId) ?? newId<TenantId>(),
    names: azureNames,
    db: database.reader,
    // Secrets of applications are hashed, not sealed.
    seal: openSeal(new Secret(randomBytes(MASTER_KEY_BYTES))),
    log: silentLog,
    signal: new AbortController().signal,
    wake: () => {},
  }
  const made = await transaction(call, async (tx) => {
    const { application, servicePrincipal } = await createApplication(tx, {
      displayName: 'with a secret',
    })
    const endsAt = after(now, DAY_MS)
    const added = await addPasswordCredential(tx, { ownerId: application.objectId, endsAt })
    return { application, servicePrincipal, secret: added.secretText.reveal() }
  })
  await database.close()
  await locum.start()
  return {
    clientId: made.application.clientId,
    objectId: made.servicePrincipal.objectId,
    secret: made.secret,
  }
}
