/**
 * The composition root: builds each part once, in the order below, and stops them in reverse.
 */
import { X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { SecureContextOptions } from 'node:tls'
import { DAY_MS, isoSevenDigits } from '../base/clock.ts'
import { Failure } from '../base/failure.ts'
import { openLog } from '../base/log.ts'
import { azureNames, type Host, hostReader, localNames, type Names } from '../base/names.ts'
import type { KeyedCertificate } from '../core/trust/authority.ts'
import type { Front } from '../http/listen.ts'
import { mount } from '../http/mount.ts'
import { openDriver } from '../jobs/driver.ts'
import { machineEnded } from '../jobs/machines.ts'
import { type Machines, type MachinesOptions, openMachines } from '../machines/machines.ts'
import { probeSandbox, whyNot } from '../machines/probe.ts'
import { BUNDLE } from '../machines/trust-folder.ts'
import { controlPlane, type Daemon } from '../planes/control/control.ts'
import type { Status } from '../planes/control/status.ts'
import { migrate } from '../store/migrate.ts'
import { openSqlite } from '../store/sqlite.ts'
import { openTrust } from './authority-files.ts'
import type { Config } from './config.ts'
import { openControlSocket } from './control-socket.ts'
import { type DataFolder, openDataFolder } from './data-folder.ts'
import { endpointsOf, openDoors } from './doors.ts'
import { foreignDocuments } from './foreign-documents.ts'
import { type Instance, openInstance } from './instance.ts'
import { jobsOf } from './jobs.ts'
import { takeLock } from './lock.ts'
import type { FirstPassword } from './owner.ts'
import { tokenPost } from './token-post.ts'
import { VERSION } from './version.ts'

export interface Program {
  readonly facts: Facts
  /** To be shown once, at the start that drew it. */
  readonly firstPassword: FirstPassword | undefined
  /** Milliseconds from the start of the process until it was ready. */
  readonly readyMs: number
  stop(): Promise<void>
}

/** What is known from the start on. */
export type Facts = Omit<Status, 'machines' | 'sandbox'>

/** Only clients on this host may connect. */
const ADDRESS = '127.0.0.1'
const WORKSTATION = {
  key: 'workstation',
  hostName: 'workstation',
  files: 'workstation',
  kind: 'workstation',
} as const

/** Called with how to close what was just opened; closed in reverse. */
type Opened = (close: () => unknown) => void

/**
 * Opens everything; ready when it resolves.
 * @param onStop the control plane asks for the end
 * @throws Failure when the data folder, the port or a setting does not serve; nothing stays open
 */
export async function openProgram(
  config: Config,
  { onStop }: { readonly onStop: () => void },
): Promise<Program> {
  const closing: (() => unknown)[] = []
  const opened: Opened = (close) => void closing.push(close)
  const stop = async () => {
    for (let close = closing.pop(); close; close = closing.pop()) await close()
  }
  try {
    // 1. The data folder, and nobody else on it: what is made in it is ours to read alone.
    process.umask(0o077)
    const folder = openDataFolder(config.dataFolder, process.getuid?.() ?? 0)
    opened(takeLock(folder).release)
    // 2. The database, and the instance it holds.
    const log = openLog(config.logLevel)
    const database = openSqlite(folder.database)
    opened(() => database.close())
    await migrate(database)
    const instance = await openInstance(config, folder, database, log)
    // 3. The doors.
    const network = await openNetwork(config, folder, instance, opened)
    // 4. The machines, whose connections come in by the same doors.
    const machines = openMachines({
      folder: folder.machines,
      authority: network.authority,
      knows: network.isAzureHost,
      connected: connections(network.front),
      stopped: ({ key }) => void endMachine(instance, key),
      log,
    })
    opened(() => machines.close())
    // 5. The jobs, which make up for what was left undone at the last end.
    const driver = openDriver(jobsOf(machines), instance.newCall)
    instance.wakes(driver.wake)
    driver.start()
    opened(() => driver.stop())
    // 6. The control socket: whoever it answers is told that all is ready.
    const facts = factsOf(folder, instance, network.names)
    await openControl(folder, instance, daemonOf(facts, machines, onStop), opened)
    opened(instance.end)
    const { firstPassword } = instance
    return { facts, firstPassword, readyMs: performance.now(), stop }
  } catch (reason) {
    await stop()
    throw reason
  }
}

interface Network {
  readonly front: Front
  /** By which clients on this host reach us. */
  readonly names: Names
  /** PEM. */
  readonly authority: string
  isAzureHost(host: string): boolean
}

/** Opens the doors and listens: the port is known once it is bound, and local names with it. */
async function openNetwork(
  config: Config,
  folder: DataFolder,
  instance: Instance,
  opened: Opened,
): Promise<Network> {
  const { hostSuffix } = config
  const { authority, server } = await openTrust(folder, hostSuffix)
  let port = config.port
  let readHost: (host: string) => Host | undefined = () => undefined
  const tokens = tokenPost(authority, () => localNames(hostSuffix, port))
  opened(tokens.close)
  const surroundings = { newCall: instance.newCall, readHost: (host: string) => readHost(host) }
  const { front, close } = await openDoors(tlsOf(server), surroundings, {
    post: tokens.post,
    fetchDocument: foreignDocuments(config.trustedIssuers),
  })
  opened(close)
  const renew = async () => front.renew(tlsOf((await openTrust(folder, hostSuffix)).server))
  const renewal = setInterval(() => void renew(), DAY_MS)
  renewal.unref()
  opened(() => clearInterval(renewal))
  port = await listen(front, config.port)
  const names = localNames(hostSuffix, port)
  readHost = hostReader(hostSuffix, names)
  return {
    front,
    names,
    authority,
    isAzureHost: (host) => readHost(host)?.names === azureNames,
  }
}

function tlsOf({ certificate, key }: KeyedCertificate): SecureContextOptions {
  return { cert: certificate, key: key.reveal() }
}

/** @throws Failure conflict `PortInUse`, forbidden `PortForbidden` */
async function listen(front: Front, port: number): Promise<number> {
  try {
    return await front.listen(port, ADDRESS)
  } catch (reason) {
    const next = 'next step: another one with --port, or --port 0 for any free one'
    const { code } = reason as NodeJS.ErrnoException
    if (code === 'EADDRINUSE') {
      throw new Failure('conflict', 'PortInUse', `port ${port} is in use; ${next}`)
    }
    if (code === 'EACCES') {
      throw new Failure('forbidden', 'PortForbidden', `port ${port} needs privileges; ${next}`)
    }
    throw reason
  }
}

/** A machine's connection goes to the same servers as everybody's, with the machine remembered. */
function connections(front: Front): MachinesOptions['connected'] {
  return {
    metadata: (machine, socket) =>
      front.takeMetadata(socket, {
        key: machine.key,
        secret: machine.mode === 'loopback' ? machine.secret : undefined,
      }),
    secure: (_machine, socket) => front.takeSecure(socket),
  }
}

async function endMachine(instance: Instance, key: string): Promise<void> {
  const call = instance.newCall({ id: undefined, caller: { kind: 'job', name: 'machines' } })
  try {
    await machineEnded(call, key)
  } catch (error) {
    call.log.error('machine end not recorded', { machine: key, error })
  }
}

function factsOf(folder: DataFolder, { settings, clock }: Instance, names: Names): Facts {
  return {
    version: VERSION,
    pid: process.pid,
    startedAt: isoSevenDigits(clock.now()),
    dataFolder: folder.path,
    tenantId: settings.tenantId,
    subscriptionId: settings.subscriptionId,
    endpoints: endpointsOf(names),
    trust: {
      authority: folder.authorityCertificate,
      bundle: join(folder.machines, 'trust', BUNDLE),
    },
    owner: {
      clientId: settings.ownerClientId,
      objectId: settings.ownerObjectId,
      certificate: folder.ownerCertificate,
      pkcs12: folder.ownerPkcs12,
      thumbprint: thumbprintOf(readFileSync(folder.ownerCertificate)),
    },
  }
}

function thumbprintOf(certificate: Buffer): string {
  return new X509Certificate(certificate).fingerprint.replaceAll(':', '')
}

/** What the control plane is lent. */
function daemonOf(facts: Facts, machines: Machines, onStop: () => void): Daemon {
  let probe: ReturnType<typeof probeSandbox> | undefined
  return {
    async facts() {
      probe ??= probeSandbox()
      const found = await probe
      const sandbox = found.ok ? { works: true } : { works: false, because: whyNot(found) }
      return { ...facts, sandbox }
    },
    machines: {
      find: machines.find,
      isWanted: ({ state }) => state.power === 'running',
    },
    entrance: machines.entrance,
    async workstation() {
      await machines.start(WORKSTATION)
      return machines.entrance(WORKSTATION.key)
    },
    stop: onStop,
  }
}

async function openControl(
  folder: DataFolder,
  instance: Instance,
  daemon: Daemon,
  opened: Opened,
): Promise<void> {
  const control = await mount(controlPlane(daemon), {
    newCall: instance.newCall,
    readHost: () => undefined,
    machineBehind: () => undefined,
  })
  opened(control.close)
  const socket = await openControlSocket(folder, control.handle)
  opened(socket.close)
}
