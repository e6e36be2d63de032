/**
 * Tags: their limits and the characters their names may not have, as Resource Manager documents them.
 */
import { Failure } from '../../base/failure.ts'

const MOST_TAGS = 50
const LONGEST_NAME_CHARS = 512
const LONGEST_VALUE_CHARS = 256
const FORBIDDEN_IN_NAME = /[<>%&\\?/]/

export type Tags = Readonly<Record<string, string>>

/**
 * Reads a tags member; undefined when there is none.
 * @throws Failure invalid
 */
export function readTags(raw: unknown): Tags | undefined {
  if (raw === undefined || raw === null) return undefined
  if (typeof raw !== 'object' || Array.isArray(raw)) {
    throw invalid('InvalidTags', 'The tags must be an object of names and values.')
  }
  const entries = Object.entries(raw)
  if (entries.length > MOST_TAGS) {
    throw invalid('InvalidTags', `There are ${entries.length} tags; the most is ${MOST_TAGS}.`)
  }
  const seen = new Set<string>()
  for (const [name, value] of entries) {
    checkTag(name, value)
    if (seen.has(name.toLowerCase())) {
      throw invalid('InvalidTags', `The tag name '${name}' comes twice: names ignore case.`)
    }
    seen.add(name.toLowerCase())
  }
  return raw as Tags
}

function checkTag(name: string, value: unknown): void {
  if (name === '' || name.length > LONGEST_NAME_CHARS || FORBIDDEN_IN_NAME.test(name)) {
    throw invalid(
      'InvalidTagNameCharacters',
      `The tag name '${name}' is not valid: it has 1 to ${LONGEST_NAME_CHARS} characters, none of ` +
        `'<,>,%,&,\\,?,/'.`,
    )
  }
  if (typeof value !== 'string' || value.length > LONGEST_VALUE_CHARS) {
    throw invalid(
      'InvalidTagValue',
      `The value of the tag '${name}' must be a string of at most ${LONGEST_VALUE_CHARS} characters.`,
    )
  }
}

function invalid(code: string, message: string): Failure {
  return new Failure('invalid', code, message, { target: 'tags' })
}
