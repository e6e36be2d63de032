import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { otherMethods } from './other-methods.ts'
import type { Method, Route } from './route.ts'

const routes = (
  [
    ['GET', '/keys/:name'],
    ['POST', '/keys/restore'],
    ['POST', '/:version/$batch'],
    ['PATCH', '/applications:key/owners'],
    ['GET', '/files/*'],
  ] satisfies [Method, string][]
).map(([method, path]) => ({ method, path }) as Route)
const isForOthers = otherMethods(routes)

describe('a path that has routes for other methods', () => {
  const known: [method: string, path: string][] = [
    ['DELETE', '/keys/restore'],
    ['PUT', '/KEYS//one/'],
    ['GET', '/v1.0/$batch'],
    ['GET', '/v1.0/$%62atch'],
    ['GET', "/applications(appId='a')/owners"],
    ['POST', '/files/in/folders'],
  ]
  for (const [method, path] of known) {
    it(`is ${path} for ${method}`, () => assert.equal(isForOthers(method, path), true))
  }

  const unknown: [method: string, path: string][] = [
    ['GET', '/keys/one'],
    ['GET', '/keys'],
    ['GET', '/keys/one/two'],
    ['GET', '/v1.0/xbatch'],
    ['GET', '/v1.0/%E0%A4%A'],
    ['OPTIONS', '/keys/one'],
  ]
  for (const [method, path] of unknown) {
    it(`is not ${path} for ${method}`, () => assert.equal(isForOthers(method, path), false))
  }
})
