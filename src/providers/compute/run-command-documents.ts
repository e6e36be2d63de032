/** The catalogue of run commands: the ones that machines here have. */
import { Failure } from '../../base/failure.ts'
import type { DerivedType } from '../provider.ts'
import { COMPUTE_API_VERSIONS } from './api-versions.ts'
import { SHELL_SCRIPT } from './run-command.ts'

const { script, parameters, ...summary } = SHELL_SCRIPT

/** GET …/locations/{location}/runCommands, and one of them. */
export const runCommandDocuments: DerivedType = {
  kind: 'derived',
  name: 'Microsoft.Compute/locations/runCommands',
  apiVersions: COMPUTE_API_VERSIONS,
  place: 'subscription',
  list: async () => ({ status: 200, body: { value: [summary] } }),
  async get(_call, { name }) {
    if (name.toLowerCase() === summary.id.toLowerCase()) {
      return { status: 200, body: { ...summary, script, parameters } }
    }
    throw new Failure('missing', 'NotFound', `The run command '${name}' was not found.`)
  },
}
