/**
 * A hundred VMs: how long from the first PUT until all of them run, and what each costs in memory.
 *
 * Memory is that of the processes of the machines (shared pages divided among their users) and the
 * growth of the daemon; the kernel's own, which no process accounts for, is told as the growth of
 * the whole machine, which on a machine that does other things is only a hint.
 */
import { at, VERSIONS } from '../test/estate.ts'
import { type Locum, startLocum, until } from '../test/locum.ts'
import { good } from '../test/owner.ts'
import type { Measure, Measured } from './measure.ts'
import { availableMb, descendants, proportionalMb } from './processes.ts'

const MACHINES = 100

export const hundredMachines: Measure = {
  names: ['vms_100_start_s', 'mb_per_vm'],
  async measure() {
    const locum = await startLocum()
    try {
      return await measureIn(locum)
    } finally {
      await locum.remove()
    }
  },
}

async function measureIn(locum: Locum): Promise<Measured> {
  const { owner, status } = locum
  if (!status.sandbox.works) throw new Error(`no sandbox: ${status.sandbox.because}`)
  const group = `/subscriptions/${status.subscriptionId}/resourceGroups/bench`
  const location = 'westeurope'
  good(await owner.arm('PUT', at(group, VERSIONS.group), { location }), 'the group')
  // One machine first: what all of them share is there then.
  await owner.done('PUT', pathOf(group, 0), { location })
  const before = memory(status.pid)
  const began = performance.now()
  const paths = Array.from({ length: MACHINES }, (_, n) => pathOf(group, n + 1))
  await Promise.all(
    paths.map(async (path) => good(await owner.arm('PUT', path, { location }), path)),
  )
  // One question at a time: a hundred impatient clients would be a load of their own.
  for (const path of paths) {
    await until(async () => {
      const { body } = await owner.arm('GET', path)
      return body.properties.provisioningState === 'Succeeded'
    })
  }
  const seconds = (performance.now() - began) / 1000
  const { machines } = await locum.statusNow()
  const running = machines.filter(({ state }) => state === 'running').length
  if (running !== MACHINES + 1) throw new Error(`${running} machines run`)
  const grown = difference(memory(status.pid), before)
  const each = (megabytes: number) => (megabytes / MACHINES).toFixed(2)
  return {
    figures: { vms_100_start_s: seconds, mb_per_vm: (grown.machines + grown.daemon) / MACHINES },
    facts: [
      `MB for each: processes ${each(grown.machines)}, daemon ${each(grown.daemon)}; ` +
        `whole machine ${each(-grown.available)}`,
    ],
  }
}

function pathOf(group: string, n: number): string {
  return at(`${group}/providers/Microsoft.Compute/virtualMachines/vm${n}`, VERSIONS.machine)
}

interface Memory {
  readonly machines: number
  readonly daemon: number
  readonly available: number
}

function memory(daemon: number): Memory {
  return {
    machines: proportionalMb(descendants(daemon)),
    daemon: proportionalMb([daemon]),
    available: availableMb(),
  }
}

function difference(one: Memory, other: Memory): Memory {
  return {
    machines: one.machines - other.machines,
    daemon: one.daemon - other.daemon,
    available: one.available - other.available,
  }
}
