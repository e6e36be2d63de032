/**
 * The word of an enumeration that is meant: Azure reads them in any case, and shows them in one.
 * Undefined when it is none of them.
 */
export function wordAmong<Word extends string>(
  words: readonly Word[],
  given: string | undefined,
): Word | undefined {
  const wanted = given?.toLowerCase()
  return words.find((word) => word.toLowerCase() === wanted)
}
