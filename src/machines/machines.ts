/**
 * Machines: where code runs that has an Azure identity. Each is a Linux sandbox with a network of
 * its own, in which Azure's metadata service, resolver and host names exist; or, where this computer
 * allows no sandbox, a loopback machine, openly weak.
 *
 * This floor starts and stops machines, hands out the connections they make together with the
 * machine that made them, and runs commands in them. What it is not: it does not answer HTTP, does
 * not know what a token or a resource is, and does not remember: which machines should run is
 * somebody else's to keep. It knows `base` only.
 *
 * Machines end with this process, however it ends.
 */
import type { Socket } from 'node:net'
import { join } from 'node:path'
import { Failure } from '../base/failure.ts'
import type { Log } from '../base/log.ts'
import { type SystemFolder, systemFolders } from './bubblewrap.ts'
import { ownFolder } from './data-folder.ts'
import { type Entrance, loopbackEntrance, sandboxEntrance } from './entrance.ts'
import { guestFiles, writeGuestFiles } from './guest-files.ts'
import { closeInheritedFiles } from './inherited-files.ts'
import { openListeners } from './listeners.ts'
import { openLoopback } from './loopback.ts'
import {
  isHostName,
  type Machine,
  type MachineKind,
  type RunRequest,
  type RunResult,
  type SandboxMachine,
} from './machine.ts'
import {
  type KeptFiles,
  machineFolder,
  removeOtherFolders,
  renameOlderFolders,
} from './machine-folders.ts'
import { type Probe, probeSandbox } from './probe.ts'
import { atMost, inTurn } from './queues.ts'
import { type Reaper, startReaper } from './reaper.ts'
import { runInside } from './run.ts'
import { startSandbox } from './sandbox.ts'
import { writeTrustFolder } from './trust-folder.ts'

export interface MachinesOptions {
  /** Absolute; made and kept 0700. */
  readonly folder: string
  /** Our root certificate, PEM. */
  readonly authority: string
  /** Does this DNS name (lower case, no final dot) belong to us? */
  readonly knows: (hostName: string) => boolean
  readonly connected: {
    /** Plain HTTP to the metadata service. */
    metadata(machine: Machine, socket: Socket): void
    /** TLS, not yet begun, to one of Azure's host names. */
    secure(machine: Machine, socket: Socket): void
  }
  /** A machine has ended that nobody stopped: its first process was killed, from inside or out. */
  readonly stopped: (machine: Machine) => void
  readonly log: Log
  /** Without it, what this computer can. */
  readonly mode?: Machine['mode']
}

export interface StartRequest {
  readonly key: string
  readonly hostName: string
  /** What its folder is called, for as long as it exists; no other machine's, then or later. */
  readonly files: string
  readonly kind: MachineKind
}

export interface Machines {
  /** Returns when the machine's network answers; at once if it runs already. */
  start(request: StartRequest): Promise<Machine>
  /** Returns when nothing of it is left; at once if it does not run. */
  stop(key: string): Promise<void>
  find(key: string): Machine | undefined
  list(): Machine[]
  /** What another process needs to enter the machine. Throws MachineStopped. */
  entrance(key: string): Entrance
  /** Finds the files of these virtual machines by the names that folders once had. */
  renameOlderFiles(machines: readonly KeptFiles[]): void
  /** Removes the files of all virtual machines but these. */
  keepOnlyFilesOf(machines: readonly KeptFiles[]): Promise<void>
  /** Runs a command in the machine's own files. Throws MachineStopped, NoSandbox. */
  run(key: string, request: RunRequest): Promise<RunResult>
  /** Stops all machines; nothing can be started afterwards. */
  close(): Promise<void>
}

/** More at a time is slower: the work is the kernel's and Node's, on as many processors. */
const STARTS_AT_A_TIME = 4

interface Running {
  readonly machine: Machine
  /** Settles when it has ended, whoever ended it. */
  readonly ended: Promise<void>
  entrance(): Entrance
  run(request: RunRequest): Promise<RunResult>
  stop(): Promise<void>
}

/** What all machines of one daemon share. */
interface Ground {
  readonly options: MachinesOptions
  readonly trust: string
  readonly system: readonly SystemFolder[]
  readonly reaper: Reaper
}

export function openMachines(options: MachinesOptions): Machines {
  const ground = prepare(options)
  const running = new Map<string, Running>()
  const starting = new Set<Promise<unknown>>()
  const turn = inTurn()
  const place = atMost(STARTS_AT_A_TIME)
  const mode = chooseMode(options)
  let closed = false

  async function startNow(request: StartRequest): Promise<Machine> {
    const already = running.get(request.key)
    if (already) return already.machine
    if (closed) throw new Failure('conflict', 'Closing', 'Locum is stopping.')
    const start = (await mode()) === 'sandbox' ? startInSandbox : startOnLoopback
    const started = await start(ground, request)
    running.set(request.key, started)
    void started.ended.then(() => endedByItself(started))
    options.log.info('machine started', about(started.machine))
    return started.machine
  }

  async function stopNow(key: string): Promise<void> {
    const found = running.get(key)
    if (!found) return
    running.delete(key)
    await found.stop()
    options.log.info('machine stopped', about(found.machine))
  }

  function endedByItself(ended: Running): void {
    const { machine } = ended
    if (running.get(machine.key) !== ended) return // it was stopped
    running.delete(machine.key)
    options.log.info('machine ended by itself', about(machine))
    options.stopped(machine)
  }

  function present(key: string): Running {
    const found = running.get(key)
    if (found) return found
    throw new Failure('conflict', 'MachineStopped', `The machine ${key} is not running.`)
  }

  return {
    start: async (request) => {
      checkHostName(request.hostName)
      const started = turn(request.key, () => place(() => startNow(request)))
      starting.add(started)
      return await started.finally(() => starting.delete(started))
    },
    stop: (key) => turn(key, () => stopNow(key)),
    find: (key) => running.get(key)?.machine,
    list: () => [...running.values()].map(({ machine }) => machine),
    entrance: (key) => present(key).entrance(),
    renameOlderFiles: (kept) => renameOlderFolders(options.folder, kept),
    keepOnlyFilesOf: (kept) => removeOtherFolders(options.folder, kept, options.log),
    run: async (key, request) => await present(key).run(request),
    close: async () => {
      closed = true
      await Promise.allSettled(starting)
      await Promise.all([...running.keys()].map((key) => turn(key, () => stopNow(key))))
      ground.reaper.close()
    },
  }
}

function checkHostName(hostName: string): void {
  if (isHostName(hostName)) return
  const text = `'${hostName}' cannot be the name of a host.`
  throw new Failure('invalid', 'InvalidHostName', text, { target: 'hostName' })
}

function prepare(options: MachinesOptions): Ground {
  closeInheritedFiles()
  const system = systemFolders()
  ownFolder(
    options.folder,
    system.map(({ path }) => path),
  )
  const trust = join(options.folder, 'trust')
  writeTrustFolder(trust, options.authority)
  return { options, trust, system, reaper: startReaper(options.log) }
}

/** Probed once, when the first machine starts, unless the mode is given. */
function chooseMode({ mode, log }: MachinesOptions): () => Promise<Machine['mode']> {
  let probe: Promise<Probe> | undefined
  return async () => {
    if (mode) return mode
    if (!probe) {
      probe = probeSandbox()
      const { ok, checks } = await probe
      if (!ok) log.warn('sandbox unavailable, loopback mode is weak', { checks })
    }
    return (await probe).ok ? 'sandbox' : 'loopback'
  }
}

async function startInSandbox(
  { options, trust, system, reaper }: Ground,
  request: StartRequest,
): Promise<Running> {
  const { key, hostName, kind } = request
  const machine: SandboxMachine = Object.freeze({ key, hostName, kind, mode: 'sandbox' })
  const folder = machineFolder(options.folder, request)
  const files = guestFiles(hostName)
  writeGuestFiles(folder, files)
  const sandbox = await startSandbox({ hostName, folder, files, trust, system }, reaper)
  const listeners = await openListeners(sandbox, reaper, {
    kind,
    knows: options.knows,
    metadata: (socket) => options.connected.metadata(machine, socket),
    secure: (socket) => options.connected.secure(machine, socket),
  }).catch(async (error) => {
    await sandbox.end()
    throw error
  })
  void sandbox.ended.then(() => listeners.close())
  return {
    machine,
    ended: sandbox.ended,
    entrance: () => sandboxEntrance(machine, sandbox, { folder, trust }),
    run: (run) => runInside(sandbox, run),
    stop: () => sandbox.end(),
  }
}

async function startOnLoopback({ options }: Ground, request: StartRequest): Promise<Running> {
  const { machine, close } = await openLoopback(request, options.connected.metadata)
  return {
    machine,
    ended: new Promise(() => {}),
    entrance: () => loopbackEntrance(machine),
    run: async () => {
      const text = 'A machine in loopback mode has no files of its own: run `locum doctor`.'
      throw new Failure('unsupported', 'NoSandbox', text)
    },
    stop: close,
  }
}

function about(machine: Machine): object {
  const { key, hostName, kind, mode } = machine
  return machine.mode === 'loopback'
    ? { machine: key, hostName, kind, mode, port: machine.port, weakness: machine.weakness }
    : { machine: key, hostName, kind, mode }
}
