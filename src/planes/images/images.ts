/**
 * The page of the web from which az takes the short names of images, azcliprod.blob.core.windows.net:
 * without it `--image Ubuntu2404` would be only what az itself was shipped with. Resource Manager has
 * the same document; this door has nothing else, and knows nobody.
 */
import { z } from 'zod'
import { type Plane, route } from '../../http/route.ts'
import { statusOf } from '../../http/status.ts'
import { aliasDocument } from '../../providers/compute/image-table.ts'

const LARGEST_BODY_BYTES = 1024

export const imagesPlane: Plane = {
  name: 'images',
  reads: 'json',
  bodyLimitBytes: LARGEST_BODY_BYTES,
  requestIdHeader: 'x-ms-client-request-id',
  routes: [
    route({
      method: 'GET',
      path: '/cli/vm/aliases.json',
      guard: { kind: 'open', because: 'it is a public page, which az reads without a token' },
      input: z.object({}),
      answer: async () => ({ status: 200, body: aliasDocument() }),
    }),
  ],
  audiences: () => [],
  authorize: async () => {},
  refuse: (failure) => ({
    status: statusOf(failure),
    body: { error: { code: failure.code, message: failure.message } },
  }),
}
