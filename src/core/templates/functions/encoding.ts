/** base64, data URIs, URIs and JSON. */
import { ExpressionError } from '../invalid.ts'
import { type Json, textOf } from '../value.ts'
import { type Family, row, text } from './function.ts'

export const encodingFunctions: Family = {
  base64: row(1, ([value = null]) => Buffer.from(textOf(value)).toString('base64')),
  base64ToString: row(1, ([value]) => decoded(text(value))),
  base64ToJson: row(1, ([value]) => parsed(decoded(text(value)))),
  dataUri: row(
    1,
    ([value = null]) =>
      `data:text/plain;charset=utf8;base64,${Buffer.from(textOf(value)).toString('base64')}`,
  ),
  dataUriToString: row(1, ([value]) => {
    const match = /^data:([^,]*),(.*)$/s.exec(text(value))
    if (!match) throw new ExpressionError('the value is not a data URI')
    const [, kind = '', data = ''] = match
    return /;base64$/i.test(kind) ? decoded(data) : decodeURIComponent(data)
  }),
  uri: row(2, ([base, relative]) => {
    const url = URL.parse(text(relative), text(base))
    if (!url) throw new ExpressionError(`the base '${text(base)}' is not an absolute URI`)
    return url.href
  }),
  uriComponent: row(1, ([value]) =>
    encodeURIComponent(text(value)).replaceAll(
      /[!'()*]/g,
      (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`,
    ),
  ),
  uriComponentToString: row(1, ([value]) => {
    try {
      return decodeURIComponent(text(value))
    } catch {
      throw new ExpressionError('the value is not a URI encoded string')
    }
  }),
  json: row(1, ([value]) => parsed(text(value))),
}

function decoded(text: string): string {
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text) || text.length % 4 !== 0) {
    throw new ExpressionError('the value is not a base64 string')
  }
  return Buffer.from(text, 'base64').toString('utf8')
}

function parsed(text: string): Json {
  try {
    return JSON.parse(text)
  } catch {
    throw new ExpressionError('the value is not valid JSON')
  }
}
