/** Whether anything has changed: a digest over every row of every table but the audit. */
import { createHash } from 'node:crypto'
import type { Database } from '../../src/store/database.ts'

export async function digestOf({ reader }: Database): Promise<Record<string, string>> {
  const tables = await reader.all<{ name: string }>(
    "select name from sqlite_master where type = 'table' and name not in ('audit', 'sqlite_sequence')",
    [],
  )
  const digests: Record<string, string> = {}
  for (const { name } of tables) {
    const rows = await reader.all<object>(`select * from "${name}"`, [])
    const hash = createHash('sha256')
    for (const row of rows.map((one) => JSON.stringify(one)).sort()) hash.update(row)
    digests[name] = `${rows.length} rows ${hash.digest('hex').slice(0, 16)}`
  }
  return digests
}
