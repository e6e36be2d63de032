/**
 * Microsoft.Compute: virtual machines and what they are described with. A VM here is a wanted state
 * in the database; the machines job makes a live sandbox of it. Disks come into being with it, and
 * hold nothing; images, snapshots and scale sets are kept and shown; the catalogue of images, sizes
 * and extension types are tables.
 */
import type { Provider } from '../provider.ts'
import { availabilitySets } from './availability-sets.ts'
import { disks } from './disks.ts'
import { extensionTypes, extensionVersions } from './extension-images.ts'
import { extensions } from './extensions.ts'
import { imageSkus, offers, publishers, versions } from './images.ts'
import { machineImages } from './machine-images.ts'
import { machineRunCommands } from './machine-run-commands.ts'
import { proximityPlacementGroups } from './proximity-placement-groups.ts'
import { runCommandDocuments } from './run-command-documents.ts'
import { scaleSetMachines, scaleSetMachineViews } from './scale-set-machines.ts'
import { scaleSets } from './scale-sets.ts'
import { snapshots } from './snapshots.ts'
import { sshPublicKeys } from './ssh-public-keys.ts'
import { virtualMachines } from './virtual-machines.ts'
import { computeSkus, usages, vmSizes } from './vm-sizes.ts'

export const computeProvider: Provider = {
  namespace: 'Microsoft.Compute',
  types: [
    virtualMachines,
    extensions,
    machineRunCommands,
    disks,
    snapshots,
    machineImages,
    sshPublicKeys,
    availabilitySets,
    proximityPlacementGroups,
    scaleSets,
    scaleSetMachines,
    scaleSetMachineViews,
    publishers,
    offers,
    imageSkus,
    versions,
    extensionTypes,
    extensionVersions,
    vmSizes,
    usages,
    runCommandDocuments,
    computeSkus,
  ],
}
