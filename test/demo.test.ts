/**
 * The demo from outside: what a newcomer runs first.
 */
import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { probeSandbox } from '../src/machines/probe.ts'

const LOCUM = join(import.meta.dirname, '..', 'bin', 'locum')
const DEMO_LIMIT_MS = 120_000

interface Told {
  mode: string
  keys: string[]
  steps: { number: number; evidence: Record<string, string>; command?: string; printed?: string }[]
}

/** A demo that leaves nothing behind leaves no folder here. */
function demoFolders(): string[] {
  return readdirSync(tmpdir()).filter((name) => name.startsWith('locum-demo-'))
}

function runDemo(file: string, argv: readonly string[]): Told {
  const before = demoFolders()
  const ran = spawnSync(file, argv, { encoding: 'utf8', timeout: DEMO_LIMIT_MS })
  assert.equal(ran.status, 0, ran.stderr)
  assert.deepEqual(demoFolders(), before)
  return JSON.parse(ran.stdout)
}

const isRoot = process.getuid?.() === 0
// Root's Locum runs as another user: what root itself may not do does not count.
const checks = (await probeSandbox()).checks.filter(({ name }) => !(isRoot && name === 'user'))
const missing = checks.find(({ name, ok }) => name === 'programs' && !ok)
const sandbox = missing ? { skip: `NO SANDBOX HERE: ${missing.reason}` } : {}
const hiding = isRoot && !missing ? {} : { skip: 'only root can hide bubblewrap from one program' }

describe('locum demo', () => {
  it('lists the keys of the vault by the two commands of the tutorials', sandbox, () => {
    const { mode, keys, steps } = runDemo(LOCUM, ['demo', '--json'])
    assert.equal(mode, 'sandbox')
    assert.deepEqual(keys, ['https://my-project.vault.azure.net/keys/my-key'])
    assert.deepEqual(
      steps.map(({ number }) => number),
      [1, 2, 3, 4, 5, 6, 7],
    )
    assert.equal(
      steps[4]?.command,
      'curl "http://169.254.169.254/metadata/identity/oauth2/token?api-version=2018-02-01&resource=https://vault.azure.net" -H Metadata:true | jq',
    )
    assert.equal(
      steps[6]?.command,
      // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the shell's variable
      'curl https://my-project.vault.azure.net/keys?api-version=7.3 -H "Authorization: Bearer ${access_token}" | jq',
    )
  })

  it('has evidence of each step, and shows no token', sandbox, () => {
    const { steps } = runDemo(LOCUM, ['demo', '--json'])
    const evidence = Object.assign({}, ...steps.map((step) => step.evidence))
    assert.match(evidence.principal, /^[0-9a-f-]{36}$/)
    assert.equal(evidence['object id'], evidence.principal, 'the token is of that principal')
    assert.match(evidence.certificate, /^SHA-1 [0-9A-F]{40}, its key never shown$/)
    assert.match(evidence.before, /^ForbiddenByRbac/)
    assert.doesNotMatch(JSON.stringify(steps), /eyJ[\w-]+\.eyJ[\w-]+\.[\w-]{40}/)
  })

  it('does it without a sandbox too, and calls that weak', hiding, () => {
    const hide = 'mount --bind /dev/null "$(command -v bwrap)" && exec "$@"'
    const { mode, keys } = runDemo('unshare', [
      ...['--mount', '--propagation', 'private', 'sh', '-c', hide, 'sh'],
      ...[LOCUM, 'demo', '--json'],
    ])
    assert.equal(mode, 'loopback')
    assert.equal(keys.length, 1)
  })

  it('leaves nothing behind when it is interrupted', async () => {
    const before = demoFolders()
    const child = spawn(LOCUM, ['demo'], { stdio: ['ignore', 'pipe', 'ignore'] })
    await once(child.stdout, 'data')
    child.kill('SIGINT')
    const [code] = await once(child, 'exit')
    assert.equal(code, 130)
    assert.deepEqual(demoFolders(), before)
  })
})
