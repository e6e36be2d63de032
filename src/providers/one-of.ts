import { z } from 'zod'
import { wordAmong } from '../base/word.ts'

/** One of these words in any case, as Azure reads its enumerations; it is kept as it is listed here. */
export function oneOf<const Word extends string>(words: readonly Word[]) {
  return z.string().transform((given, context): Word => {
    const word = wordAmong(words, given)
    if (word !== undefined) return word
    const listed = words.map((one) => `"${one}"`).join('|')
    context.addIssue({ code: 'custom', message: `Invalid option: expected one of ${listed}` })
    return z.NEVER
  })
}
