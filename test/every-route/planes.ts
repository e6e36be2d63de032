/** Every plane, as the program composes them, and the one that only a unix socket reaches. */
import { PROVIDERS, planesOf } from '../../src/app/doors.ts'
import { Secret } from '../../src/base/secret.ts'
import type { Plane } from '../../src/http/route.ts'
import { controlPlane, type Daemon } from '../../src/planes/control/control.ts'
import type { PostForm } from '../../src/planes/imds/token-client.ts'

export { PROVIDERS }

export function everyPlane(post: PostForm): Plane[] {
  const { services, metadata } = planesOf({
    post,
    fetchDocument: () => Promise.reject(new Error('the walk has no network')),
  })
  return [...Object.values(services), metadata, controlPlane(idleDaemon)]
}

/** What the control plane is lent where no program runs around it: no machine, and no end. */
const idleDaemon: Daemon = {
  facts: async () => ({}) as never,
  machines: { find: () => undefined, isWanted: () => false },
  entrance: () => {
    throw new Error('there is no machine to enter')
  },
  workstation: async () => ({ mode: 'loopback', environment: new Secret({}) }) as never,
  stop: () => {},
}
