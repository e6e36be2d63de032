/**
 * Configuration: defaults < `config.json` in the data folder < LOCUM_* in the environment < flags.
 *
 * It is read once, checked once and frozen; nothing else in the program looks at the environment.
 * The composition root lives in this folder: it alone knows every floor below and builds each part
 * once. It holds no rule of Azure and prints nothing.
 */
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { z } from 'zod'
import { Failure } from '../base/failure.ts'
import { asId, type SubscriptionId, type TenantId } from '../base/ids.ts'
import { isJsonObject } from '../base/json.ts'
import type { LogLevel } from '../base/log.ts'
import { MASTER_KEY_BYTES } from '../base/seal.ts'
import { Secret } from '../base/secret.ts'
import type { TrustedIssuers } from './foreign-documents.ts'

export interface Config {
  /** Absolute; everything this instance keeps. */
  readonly dataFolder: string
  /** TCP port on 127.0.0.1 for clients on the host; 0 is any free one. */
  readonly port: number
  /** Wanted at first start; undefined is a new one. */
  readonly tenantId: TenantId | undefined
  readonly subscriptionId: SubscriptionId | undefined
  /** What follows the service in host names on this host: `vault.{suffix}`. */
  readonly hostSuffix: string
  readonly logLevel: LogLevel
  /** Issuers of federated tokens in private networks. */
  readonly trustedIssuers: TrustedIssuers
  /** From the environment; undefined when it is kept in the data folder. */
  readonly masterKey: Secret<Uint8Array> | undefined
}

/** What may be said in each of the four places, in the words of the flags. */
export interface Settings {
  readonly port?: string | undefined
  readonly tenantId?: string | undefined
  readonly subscriptionId?: string | undefined
  readonly hostSuffix?: string | undefined
  readonly logLevel?: string | undefined
  /** Hosts with their ports, between commas. */
  readonly trustedIssuers?: string | undefined
  /** A PEM file. */
  readonly issuerAuthority?: string | undefined
}

export type Environment = Readonly<Record<string, string | undefined>>

export interface ConfigSources {
  readonly flags: Settings & { readonly data?: string | undefined }
  readonly environment: Environment
  /** Root keeps its instance with the system's other data. */
  readonly isRoot: boolean
}

const DEFAULTS = { port: '8443', hostSuffix: 'locum.localhost', logLevel: 'warn' }
const ROOTS_DATA_FOLDER = '/var/lib/locum'
const CONFIG_FILE = 'config.json'

const HOST_NAME = /^(?=.{1,120}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/
const guid = z.string().refine((text) => asId(text) !== undefined, 'must be a GUID')
const settings = z.strictObject({
  port: z
    .string()
    .refine((text) => /^\d{1,5}$/.test(text) && Number(text) < 65536, 'must be 0 to 65535')
    .transform(Number),
  tenantId: guid.transform((text) => asId<TenantId>(text)).optional(),
  subscriptionId: guid.transform((text) => asId<SubscriptionId>(text)).optional(),
  hostSuffix: z.string().toLowerCase().regex(HOST_NAME, 'must be a DNS name'),
  logLevel: z.enum(['debug', 'info', 'warn', 'error', 'silent']),
  trustedIssuers: z.string().toLowerCase().transform(readHosts).optional(),
  issuerAuthority: z.string().transform(readAuthority).optional(),
})

/** Reads the configuration. @throws Failure invalid `InvalidConfig`, naming the setting and place */
export function readConfig(sources: ConfigSources): Config {
  const dataFolder = dataFolderOf(sources)
  const { environment } = sources
  const merged = overlay(
    DEFAULTS,
    fileSettings(dataFolder),
    {
      port: environment.LOCUM_PORT,
      tenantId: environment.LOCUM_TENANT_ID,
      subscriptionId: environment.LOCUM_SUBSCRIPTION_ID,
      hostSuffix: environment.LOCUM_HOST_SUFFIX,
      logLevel: environment.LOCUM_LOG_LEVEL,
      trustedIssuers: environment.LOCUM_TRUSTED_ISSUERS,
      issuerAuthority: environment.LOCUM_ISSUER_AUTHORITY,
    },
    { ...sources.flags, data: undefined },
  )
  const parsed = settings.safeParse(merged)
  if (!parsed.success) throw invalid(parsed.error)
  const { tenantId, subscriptionId, trustedIssuers, issuerAuthority, ...others } = parsed.data
  return Object.freeze({
    dataFolder,
    ...others,
    tenantId,
    subscriptionId,
    trustedIssuers: { hosts: trustedIssuers ?? [], authority: issuerAuthority },
    masterKey: masterKeyOf(environment.LOCUM_MASTER_KEY),
  })
}

/** The data folder alone: all that a command needs which talks to a running Locum. */
export function dataFolderOf({ flags, environment, isRoot }: ConfigSources): string {
  const asked = flags.data ?? environment.LOCUM_HOME
  if (asked !== undefined && asked !== '') return resolve(asked)
  if (isRoot) return ROOTS_DATA_FOLDER
  const { XDG_DATA_HOME, HOME } = environment
  // The XDG specification has relative paths ignored.
  if (XDG_DATA_HOME?.startsWith('/')) return join(XDG_DATA_HOME, 'locum', 'default')
  if (HOME?.startsWith('/')) return join(HOME, '.local', 'share', 'locum', 'default')
  throw new Failure(
    'invalid',
    'InvalidConfig',
    'there is no home folder to keep data in; next step: name one with --data or LOCUM_HOME',
  )
}

/** As URLs write them: without the port that is https's own. */
function readHosts(text: string, context: z.RefinementCtx): string[] {
  return text.split(',').map((part) => {
    const url = `https://${part.trim()}`
    if (URL.canParse(url) && new URL(url).pathname === '/') return new URL(url).host
    context.addIssue('must be hosts between commas')
    return ''
  })
}

function readAuthority(file: string, context: z.RefinementCtx): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    context.addIssue('must be a file that can be read')
    return ''
  }
}

function overlay(...layers: readonly object[]): Record<string, unknown> {
  const merged: Record<string, unknown> = {}
  for (const layer of layers) {
    for (const [name, value] of Object.entries(layer)) {
      if (value !== undefined && value !== '') merged[name] = value
    }
  }
  return merged
}

function fileSettings(dataFolder: string): object {
  const file = join(dataFolder, CONFIG_FILE)
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch {
    return {}
  }
  try {
    const read: unknown = JSON.parse(text)
    if (!isJsonObject(read)) throw new SyntaxError()
    return { ...read, ...('port' in read ? { port: String(read.port) } : {}) }
  } catch {
    throw new Failure('invalid', 'InvalidConfig', `${file} must hold one JSON object`)
  }
}

function invalid(error: z.ZodError): Failure {
  const issue = error.issues[0]
  const name = issue?.path.join('.') || (issue?.code === 'unrecognized_keys' ? issue.keys[0] : '')
  const said = issue?.code === 'unrecognized_keys' ? 'is not a setting' : issue?.message
  return new Failure('invalid', 'InvalidConfig', `the setting ${name} ${said}`, {
    ...(name ? { target: name } : {}),
  })
}

function masterKeyOf(text: string | undefined): Secret<Uint8Array> | undefined {
  if (text === undefined || text === '') return undefined
  const key = Buffer.from(text, /^[0-9a-f]{64}$/i.test(text) ? 'hex' : 'base64')
  if (key.length === MASTER_KEY_BYTES) return new Secret(key)
  throw new Failure(
    'invalid',
    'InvalidConfig',
    `LOCUM_MASTER_KEY must be ${MASTER_KEY_BYTES} bytes in base64 or hex; ` +
      `next step: make one with: openssl rand -base64 ${MASTER_KEY_BYTES}`,
  )
}
