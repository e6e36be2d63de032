/** The body of a deployment: what is read of it, and what is refused in plain words. */
import { z } from 'zod'
import { Failure } from '../../base/failure.ts'
import type { ResourceId } from '../../base/resource-id.ts'
import { wordAmong } from '../../base/word.ts'
import type { Call } from '../../core/call.ts'
import { type Mode, ON_ERROR_TYPES, type OnError } from '../../core/deployments/deployment.ts'
import { isLocation, locationName } from '../../core/resources/locations.ts'
import { readTags, type Tags } from '../../core/resources/tags.ts'
import { type JsonObject, member } from '../../core/templates/value.ts'
import type { Lent } from '../provider.ts'
import { linkedTemplate } from './linked-template.ts'

export interface DeploymentAsked {
  readonly location: string | undefined
  readonly tags: Tags | undefined
  readonly mode: Mode
  /** Still unread. */
  readonly template: JsonObject
  /** The version of a template spec from which it came. */
  readonly templateLink: JsonObject | undefined
  readonly parameters: JsonObject
  readonly validationLevel: ValidationLevel
  /** What is deployed again when this fails: the last that succeeded, or one by name. */
  readonly onError: OnError | undefined
  /** Of a what-if: whether changes are told with their documents. */
  readonly resultFormat: 'FullResourcePayloads' | 'ResourceIdOnly'
}

const LEVELS = ['Template', 'Provider', 'ProviderNoRbac'] as const
/** How much is checked before anything is done. */
export type ValidationLevel = (typeof LEVELS)[number]

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
    onErrorDeployment: z
      .object({ type: z.string(), deploymentName: z.string().nullish() })
      .nullish(),
    validationLevel: z.string().nullish(),
    whatIfSettings: z.looseObject({ resultFormat: z.string().nullish() }).nullish(),
  }),
})

/** @throws Failure invalid; what reading the template that it names throws */
export async function readDeployment(
  call: Call,
  lent: Lent,
  id: ResourceId,
  raw: unknown,
): Promise<DeploymentAsked> {
  const read = body.safeParse(raw)
  if (!read.success) throw unreadable(read.error)
  const { location, tags, properties } = read.data
  return {
    location: readLocation(id, location ?? undefined),
    tags: readTags(tags),
    mode: readMode(id, properties.mode),
    ...(await readTemplateOf(call, lent, properties)),
    parameters: givenParameters(properties.parameters ?? {}),
    validationLevel: oneOf('ValidationLevel', LEVELS, properties.validationLevel) ?? 'Provider',
    onError: readOnError(id, properties.onErrorDeployment),
    resultFormat:
      oneOf('WhatIfResultFormat', FORMATS, properties.whatIfSettings?.resultFormat) ??
      'FullResourcePayloads',
  }
}

/** A whole parameter file is understood as well as the parameters in it. */
function givenParameters(given: Record<string, unknown>): JsonObject {
  const isFile = '$schema' in given && typeof given.parameters === 'object'
  return (isFile ? given.parameters : given) as JsonObject
}

async function readTemplateOf(
  call: Call,
  lent: Lent,
  properties: z.infer<typeof body>['properties'],
): Promise<Pick<DeploymentAsked, 'template' | 'templateLink'>> {
  const { template, templateLink, parametersLink } = properties
  if (parametersLink) throw notFetched(parametersLink)
  if (!template && !templateLink) {
    throw new Failure(
      'invalid',
      'InvalidRequestContent',
      "The request content was invalid and could not be deserialized: 'The deployment has neither a template nor a template link'.",
    )
  }
  if (!templateLink) return { template: template as JsonObject, templateLink: undefined }
  if (template) {
    throw invalidDeployment('A deployment has a template or a template link, and not both.')
  }
  const { id } = templateLink
  if (typeof id !== 'string') throw notFetched(templateLink)
  const linked = await linkedTemplate(call, lent, id)
  const contentVersion = member(linked, 'contentVersion') ?? null
  return { template: linked, templateLink: { id, contentVersion } }
}

/** Nothing is fetched from elsewhere. */
function notFetched(link: Record<string, unknown>): Failure {
  const from = String(link.uri ?? link.id ?? link.relativePath ?? '')
  return new Failure(
    'invalid',
    'InvalidContentLink',
    `Unable to download deployment content from '${from}'. Linked content is not fetched here: put the template and its parameters into the request.`,
  )
}

const FORMATS = ['FullResourcePayloads', 'ResourceIdOnly'] as const

/** @throws Failure invalid when a name is missing, or is there where it means nothing */
function readOnError(
  id: ResourceId,
  given: z.infer<typeof body>['properties']['onErrorDeployment'],
): OnError | undefined {
  if (!given) return undefined
  // Going back deletes what the earlier template does not name, which only a group's can.
  if (!id.resourceGroup) {
    throw invalidDeployment(
      `The deployment '${id.name}' at this scope cannot have 'onErrorDeployment'.`,
    )
  }
  const type = oneOf('OnErrorDeploymentType', ON_ERROR_TYPES, given.type) ?? 'LastSuccessful'
  const name = given.deploymentName ?? undefined
  if ((name !== undefined) === (type === 'SpecificDeployment')) {
    return { type, deploymentName: name }
  }
  throw invalidDeployment(
    `The 'onErrorDeployment' of type '${type}' ${name === undefined ? 'needs' : 'does not take'} a 'deploymentName'.`,
  )
}

/** @throws Failure invalid when the word is none of these */
function oneOf<Word extends string>(
  name: string,
  words: readonly Word[],
  given: string | null | undefined,
): Word | undefined {
  if (given === undefined || given === null) return undefined
  const word = wordAmong(words, given)
  if (word !== undefined) return word
  throw new Failure(
    'invalid',
    'InvalidRequestContent',
    `The request content was invalid and could not be deserialized: 'Error converting value "${given}" to type '${name}'.'.`,
  )
}

function readMode(id: ResourceId, given: string): Mode {
  const mode = oneOf('DeploymentMode', ['Incremental', 'Complete'], given) ?? 'Incremental'
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

export function invalidDeployment(message: string): Failure {
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
