/** Keys in backups, and back. */
import { backupKey, restoreKey } from '../../core/secrets/backup.ts'
import { transaction } from '../../core/transaction.ts'
import type { Route } from '../../http/route.ts'
import { backupBundle, restoreBody } from './backup-members.ts'
import { keyBundle } from './bundles.ts'
import { vaultRoute } from './vault-route.ts'

export const keyBackupRoutes: readonly Route[] = [
  vaultRoute({
    method: 'POST',
    path: '/keys/:name/backup',
    collection: 'keys',
    action: 'backup/action',
    permission: 'backup',
    async answer(call, { vault, name }) {
      return { status: 200, body: backupBundle(await backupKey(call, { vault, name })) }
    },
  }),
  vaultRoute({
    method: 'POST',
    path: '/keys/restore',
    collection: 'keys',
    action: 'restore/action',
    permission: 'restore',
    body: restoreBody,
    async answer(call, { vault, body }) {
      const asked = { vault, backup: body.value }
      const key = await transaction(call, (tx) => restoreKey(tx, asked))
      return { status: 200, body: keyBundle(call, vault, key) }
    },
  }),
]
