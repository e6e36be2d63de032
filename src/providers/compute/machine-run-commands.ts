import { z } from 'zod'
import { Failure } from '../../base/failure.ts'
import type { ResourceId } from '../../base/resource-id.ts'
import type { Call } from '../../core/call.ts'
import { findResource } from '../../core/resources/resource.ts'
import { storedType } from '../provider.ts'
import { withoutSecrets } from '../without-secrets.ts'
import { COMPUTE_API_VERSIONS } from './api-versions.ts'
import { mustRun } from './power-actions.ts'
import { LONGEST_SCRIPT_CHARS, SHELL_SCRIPT } from './run-command.ts'
import { stateOf } from './virtual-machine-state.ts'

const parameters = z.array(z.looseObject({ name: z.string(), value: z.string() })).optional()
const properties = z.looseObject({
  source: z.looseObject({
    script: z.string().max(LONGEST_SCRIPT_CHARS).optional(),
    commandId: z.string().optional(),
  }),
  parameters,
  protectedParameters: parameters,
  asyncExecution: z.boolean().optional(),
  runAsUser: z.string().optional(),
  timeoutInSeconds: z.int().min(0).optional(),
})
type Asked = z.infer<typeof properties>

/** What the job that runs it has left of it. */
interface Ran {
  readonly view?: Readonly<Record<string, unknown>>
}

/**
 * A run command as a resource: its script runs when it is written, as root in its machine, and what
 * became of it is read from the instance view.
 */
export const machineRunCommands = storedType<Asked>({
  kind: 'stored',
  name: 'Microsoft.Compute/virtualMachines/runCommands',
  apiVersions: COMPUTE_API_VERSIONS,
  place: 'group',
  location: 'optional',
  identity: 'none',
  names: { pattern: /^[A-Za-z0-9_][A-Za-z0-9._-]{0,79}$/ },
  properties,
  async settle(tx, { id, properties: asked }, before) {
    await refuseUnlessRunning(tx, id)
    const { protectedParameters = [], parameters = [], timeoutInSeconds } = asked
    const script = scriptOf(asked)
    return {
      properties: {
        asyncExecution: false,
        timeoutInSeconds: 0,
        ...shownOf(asked),
      },
      state: {},
      later: {
        job: 'run-commands',
        provisioningState: before ? 'Updating' : 'Creating',
        input: {
          script,
          parameters: [...parameters, ...protectedParameters].map(({ name, value }) => ({
            name,
            value,
          })),
          ...(timeoutInSeconds && { timeoutInSeconds }),
        },
      },
    }
  },
  async shown(_call, { properties: kept, state }, query) {
    const { view } = state as Ran
    const wanted = /instanceview/i.test(query.$expand ?? '')
    return { ...kept, ...(wanted && { instanceView: view ?? { executionState: 'Running' } }) }
  },
})

/** @throws Failure invalid when it is a script that cannot be run here */
function scriptOf({ source, runAsUser }: Asked): string {
  const { script, commandId } = source
  if (runAsUser) throw invalid('runAsUser', 'Scripts here run as root.')
  if (script !== undefined) return script
  if (commandId === undefined) throw invalid('source', 'It has no script to run.')
  if (commandId.toLowerCase() === SHELL_SCRIPT.id.toLowerCase())
    return SHELL_SCRIPT.script.join('\n')
  throw invalid('source.commandId', `The command '${commandId}' is not available.`)
}

async function refuseUnlessRunning(call: Call, { parent }: ResourceId): Promise<void> {
  const machine = parent && (await findResource(call, parent))
  if (machine && stateOf(machine).power !== 'running') throw mustRun()
}

/** What is told of it: neither passwords nor parameters that are to be kept to itself. */
function shownOf(asked: Asked): Partial<Asked> {
  return withoutSecrets(asked)
}

function invalid(target: string, message: string): Failure {
  return new Failure('invalid', 'InvalidParameter', message, { target })
}
