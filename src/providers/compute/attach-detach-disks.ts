/** POST attachDetachDataDisks: disks that are there, into a machine and out of it. */
import { z } from 'zod'
import { Failure } from '../../base/failure.ts'
import { parseResourceId } from '../../base/resource-id.ts'
import { authorizeLinked } from '../../core/rbac/check.ts'
import { replaceLinks } from '../../core/resources/links.ts'
import { type Resource, resourceExists } from '../../core/resources/resource.ts'
import type { Transaction } from '../../core/transaction.ts'
import type { ActionAnswer } from '../provider.ts'
import { type DataDisk, type StorageProfile, shownStorage } from './storage-profile.ts'
import { disksOf, refuseTakenDisks, usesOfMachine } from './virtual-machine-uses.ts'
import type { Properties } from './virtual-machines.ts'

const ACTION = 'Microsoft.Compute/virtualMachines/attachDetachDataDisks/action'

const body = z.strictObject({
  dataDisksToAttach: z
    .array(
      z.strictObject({
        diskId: z.string(),
        diskEncryptionSet: z.unknown().optional(),
        writeAcceleratorEnabled: z.boolean().nullish(),
        lun: z.int().min(0).max(63).nullish(),
        caching: z.string().nullish(),
        deleteOption: z.string().nullish(),
      }),
    )
    .nullish(),
  dataDisksToDetach: z
    .array(z.strictObject({ diskId: z.string(), detachOption: z.string().nullish() }))
    .nullish(),
})

export async function attachDetachDisks(
  tx: Transaction,
  machine: Resource,
  raw: unknown,
): Promise<ActionAnswer> {
  const read = body.safeParse(raw)
  if (!read.success) throw invalid('The disks to attach or detach are not described.')
  const profile = machine.properties.storageProfile as StorageProfile
  const leaving = (read.data.dataDisksToDetach ?? []).map(({ diskId }) => diskId.toLowerCase())
  const kept = (profile.dataDisks ?? []).filter(
    ({ managedDisk }) => !leaving.includes(managedDisk?.id?.toLowerCase() ?? ''),
  )
  const coming = read.data.dataDisksToAttach ?? []
  const ids = coming.map(({ diskId }) => diskId)
  await permitDisks(tx, machine, ids)
  await refuseTakenDisks(tx, machine.id, ids)
  const dataDisks = [...kept]
  for (const { diskId, lun, caching, deleteOption } of coming) {
    dataDisks.push({
      lun: lun ?? firstFreeLun(dataDisks),
      name: parseResourceId(diskId).name,
      createOption: 'Attach',
      caching: caching ?? 'None',
      deleteOption: deleteOption ?? 'Detach',
      managedDisk: { id: diskId },
      toBeDetached: false,
    })
  }
  const properties = { ...machine.properties, storageProfile: { ...profile, dataDisks } }
  await replaceLinks(tx, machine.id, usesOfMachine(machine.id, properties as Properties, profile))
  return { properties, body: await shownStorage(tx, properties.storageProfile) }
}

/** @throws Failure forbidden `LinkedAuthorizationFailed`, missing when there is no such disk */
async function permitDisks(tx: Transaction, machine: Resource, ids: readonly string[]) {
  const links = disksOf(machine.id.text, ids)
  const [first] = links
  if (first?.action) {
    await authorizeLinked(tx, {
      action: ACTION,
      scope: machine.id,
      linkedAction: first.action,
      linkedScopes: links.map(({ to }) => to),
    })
  }
  for (const { to } of links) {
    if (await resourceExists(tx, to)) continue
    throw new Failure('missing', 'ResourceNotFound', `The disk '${to.text}' was not found.`)
  }
}

function firstFreeLun(disks: readonly DataDisk[]): number {
  const taken = new Set(disks.map(({ lun }) => lun))
  for (let lun = 0; lun <= 63; lun++) if (!taken.has(lun)) return lun
  throw invalid('The machine has no place for another data disk.')
}

function invalid(message: string): Failure {
  return new Failure('invalid', 'InvalidParameter', message)
}
