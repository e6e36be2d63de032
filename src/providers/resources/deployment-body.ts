/** The body of a deployment: what is read of it, and what is refused in plain words. */
import { z } from 'zod'
import { Failure } from '../../base/failure.ts'
import type { ResourceId } from '../../base/resource-id.ts'
import type { Mode } from '../../core/deployments/deployment.ts'
import { isLocation, locationName } from '../../core/resources/locations.ts'
import { readTags, type Tags } from '../../core/resources/tags.ts'
import type { JsonObject } from '../../core/templates/value.ts'

export interface DeploymentAsked {
  readonly location: string | undefined
  readonly tags: Tags | undefined
  readonly mode: Mode
  /** Still unread. */
  readonly template: JsonObject
  readonly parameters: JsonObject
}

const anything = z.record(z.string(), z.unknown())
/** With the members of answers, which clients send back; they change nothing. */
const body = z.strictObject({
  id: z.unknown().optional(),
  name: z.unknown().optional(),
  type: z.unknown().optional(),
  location: z.string().nullish(),
  tags: z.unknown().optional(),
  properties: z.looseObject({
    mode: z.string({ error: "Required property 'mode' not found in JSON" }),
    template: anything.nullish(),
    templateLink: anything.nullish(),
    parameters: anything.nullish(),
    parametersLink: anything.nullish(),
    onErrorDeployment: anything.nullish(),
  }),
})

/** @throws Failure invalid */
export function readDeployment(id: ResourceId, raw: unknown): DeploymentAsked {
  const read = body.safeParse(raw)
  if (!read.success) throw unreadable(read.error)
  const { location, tags, properties } = read.data
  refuseLinks(properties)
  if (!properties.template) {
    throw new Failure(
      'invalid',
      'InvalidRequestContent',
      "The request content was invalid and could not be deserialized: 'The deployment has neither a template nor a template link'.",
    )
  }
  return {
    location: readLocation(id, location ?? undefined),
    tags: readTags(tags),
    mode: readMode(id, properties.mode),
    template: properties.template as JsonObject,
    parameters: givenParameters(properties.parameters ?? {}),
  }
}

/** A whole parameter file is understood as well as the parameters in it. */
function givenParameters(given: Record<string, unknown>): JsonObject {
  const isFile = '$schema' in given && typeof given.parameters === 'object'
  return (isFile ? given.parameters : given) as JsonObject
}

/** Templates are never fetched from elsewhere. */
function refuseLinks({
  templateLink,
  parametersLink,
  onErrorDeployment,
}: z.infer<typeof body>['properties']): void {
  for (const link of [templateLink, parametersLink]) {
    if (!link) continue
    const from = String(link.uri ?? link.id ?? link.relativePath ?? '')
    throw new Failure(
      'invalid',
      'InvalidContentLink',
      `Unable to download deployment content from '${from}'. Linked content is not fetched here: put the template and its parameters into the request.`,
    )
  }
  if (onErrorDeployment) {
    throw new Failure(
      'invalid',
      'InvalidDeployment',
      "The property 'onErrorDeployment' is not supported: deploy the earlier template again.",
    )
  }
}

function readMode(id: ResourceId, given: string): Mode {
  const mode = (['Incremental', 'Complete'] as const).find(
    (one) => one.toLowerCase() === given.toLowerCase(),
  )
  if (mode === undefined) {
    throw new Failure(
      'invalid',
      'InvalidRequestContent',
      `The request content was invalid and could not be deserialized: 'Error converting value "${given}" to type 'DeploymentMode'. Path 'properties.mode'.'.`,
    )
  }
  if (mode === 'Complete' && !id.resourceGroup) {
    throw invalidDeployment(
      `The deployment '${id.name}' at this scope cannot be of mode 'Complete': only 'Incremental' is supported.`,
    )
  }
  return mode
}

/** A group has a location of its own; every other scope must be told one. */
function readLocation(id: ResourceId, given: string | undefined): string | undefined {
  if (id.resourceGroup) {
    if (given === undefined) return undefined
    throw invalidDeployment(
      `The 'location' property is not allowed for '${id.name}' at resource group scope. Please see https://aka.ms/deploy-to-subscription for usage details.`,
    )
  }
  if (given === undefined || given === '') {
    throw invalidDeployment(
      `The 'location' property must be specified for '${id.name}'. Please see https://aka.ms/deploy-to-subscription for usage details.`,
    )
  }
  const location = locationName(given)
  if (isLocation(location)) return location
  throw new Failure(
    'invalid',
    'LocationNotAvailableForDeployment',
    `The provided location '${given}' is not available for deployment.`,
  )
}

function invalidDeployment(message: string): Failure {
  return new Failure('invalid', 'InvalidDeployment', message)
}

function unreadable(error: z.ZodError): Failure {
  const issue = error.issues[0]
  return new Failure(
    'invalid',
    'InvalidRequestContent',
    `The request content was invalid and could not be deserialized: '${issue?.message}. Path '${issue?.path.join('.')}'.'.`,
  )
}
