import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import { atMost, inTurn } from './queues.ts'

test('no more than so many at a time, first come first served', async () => {
  const place = atMost(2)
  const events: string[] = []
  const task = (name: string) => async () => {
    events.push(`+${name}`)
    await setImmediate()
    events.push(`-${name}`)
  }
  await Promise.all(['a', 'b', 'c'].map((name) => place(task(name))))
  assert.deepEqual(events, ['+a', '+b', '-a', '+c', '-b', '-c'])
})

test('a task that fails gives its place back', async () => {
  const place = atMost(1)
  await assert.rejects(
    place(() => Promise.reject(new Error('no'))),
    /no/,
  )
  assert.equal(await place(async () => 'next'), 'next')
})

test('tasks of one key wait for each other, those of others do not', async () => {
  const turn = inTurn()
  const events: string[] = []
  const slow = turn('a', async () => {
    await setImmediate()
    events.push('a1')
    throw new Error('no')
  })
  const next = turn('a', async () => events.push('a2'))
  await turn('b', async () => events.push('b'))
  await assert.rejects(slow, /no/)
  await next
  assert.deepEqual(events, ['b', 'a1', 'a2'])
})
