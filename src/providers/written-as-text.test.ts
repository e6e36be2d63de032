import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { z } from 'zod'
import { parseLeniently } from './written-as-text.ts'

const type = z.object({
  ports: z.array(z.object({ start: z.int().max(65_535) })),
  primary: z.boolean(),
  name: z.string().optional(),
})

describe('numbers and truth written as text', () => {
  it('are read as what they say', () => {
    const read = parseLeniently(type, { ports: [{ start: '50000' }], primary: 'True' })
    assert.deepEqual(read.data, { ports: [{ start: 50_000 }], primary: true })
  })

  it('are refused where they say neither, or too much', () => {
    for (const bad of [
      { ports: [{ start: '5e4' }], primary: true },
      { ports: [{ start: '70000' }], primary: 'true' },
      { ports: [{ start: '' }], primary: true },
      { ports: [], primary: 'yes' },
      { ports: [], primary: 1 },
      { ports: 'none', primary: 'true' },
    ]) {
      assert.equal(parseLeniently(type, bad).success, false, JSON.stringify(bad))
    }
  })

  it('stay text where text is asked for', () => {
    const read = parseLeniently(type, { ports: [], primary: 'false', name: 'true' })
    assert.deepEqual(read.data, { ports: [], primary: false, name: 'true' })
  })
})
