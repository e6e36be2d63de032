import { arrayFunctions } from './arrays.ts'
import { cidrFunctions } from './cidr.ts'
import { dateFunctions } from './dates.ts'
import { deploymentFunctions } from './deployment.ts'
import { encodingFunctions } from './encoding.ts'
import type { EagerFunction, Family, TemplateFunction } from './function.ts'
import { lambdaFunctions } from './lambdas.ts'
import { logicFunctions } from './logic.ts'
import { numberFunctions } from './numbers.ts'
import { objectFunctions } from './objects.ts'
import { referenceFunctions } from './references.ts'
import { resourceIdFunctions } from './resource-ids.ts'
import { stringFunctions } from './strings.ts'
import { zoneFunctions } from './zones.ts'

const FAMILIES: readonly Family[] = [
  stringFunctions,
  arrayFunctions,
  objectFunctions,
  numberFunctions,
  logicFunctions,
  dateFunctions,
  encodingFunctions,
  cidrFunctions,
  lambdaFunctions,
  deploymentFunctions,
  resourceIdFunctions,
  referenceFunctions,
  zoneFunctions,
]

const BY_NAME = new Map<string, TemplateFunction>(
  FAMILIES.flatMap((family) =>
    Object.entries(family).map(([name, row]) => [name.toLowerCase(), row] as const),
  ),
)

/** The function of this name; `list` and anything that begins with it is one function. */
export function findFunction(name: string): TemplateFunction | undefined {
  const known = BY_NAME.get(name.toLowerCase())
  if (known || !/^list[a-z]/i.test(name)) return known
  const list = BY_NAME.get('list*')
  if (list?.kind !== 'eager') return list
  const run: EagerFunction['run'] = (args, environment) => list.run([name, ...args], environment)
  return { ...list, run }
}
