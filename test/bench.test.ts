/**
 * The speed suite runs and says what it promises. How fast anything is, is not for a test to judge:
 * it would fail on a laden machine and pass on a quick one.
 */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { it } from 'node:test'
import { promisify } from 'node:util'
import { CLONE } from './locum.ts'

const run = promisify(execFile)
const LIMIT_MS = 120_000

it('prints one JSON object of the figures that were asked for', async () => {
  const asked = ['mint_ratio', 'secret_get_ratio']
  const program = [...process.execArgv, join(CLONE, 'bench', 'bench.ts'), '--json', ...asked]
  const { stdout } = await run(process.execPath, program, { timeout: LIMIT_MS })
  const figures = JSON.parse(stdout) as Record<string, unknown>
  assert.deepEqual(Object.keys(figures).sort(), asked)
  for (const name of asked) assert.ok(Number(figures[name]) > 0, `${name}: ${figures[name]}`)
})
