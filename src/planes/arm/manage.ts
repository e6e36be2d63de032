/** Resource Manager for whoever works in its name inside the house, such as the deployments job. */
import type { Manage } from '../../core/deployments/managed.ts'
import type { Provider } from '../../providers/provider.ts'
import { lentOf } from './engine.ts'
import { openRegistry } from './registry.ts'

/** @throws Failure as the engine does: nothing is put into an answer's dialect */
export function openManage(providers: readonly Provider[]): Manage {
  return lentOf(openRegistry(providers)).manage
}
