/**
 * The published program: one file, `dist/locum.js`, with everything it needs inside.
 */
import { join } from 'node:path'
import { build } from 'esbuild'

const CLONE = join(import.meta.dirname, '..')

/** Bundled CommonJS packages call these three, which modules do not have. */
const COMMONJS_WORDS = [
  "import { createRequire } from 'node:module'",
  'const require = createRequire(import.meta.url)',
  'const __filename = import.meta.filename',
  'const __dirname = import.meta.dirname',
].join('\n')

await build({
  entryPoints: [join(CLONE, 'src', 'main.ts')],
  outfile: join(CLONE, 'dist', 'locum.js'),
  bundle: true,
  platform: 'node',
  target: 'node24',
  format: 'esm',
  banner: { js: COMMONJS_WORDS },
  // The licences of what is inside travel with it, in dist/locum.js.LEGAL.txt.
  legalComments: 'linked',
  logLevel: 'warning',
})
