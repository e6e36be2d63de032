/**
 * The published program: `dist/locum.js` with everything it needs, and beside it the licences of what
 * is inside. Whoever installs the package installs nothing else.
 *
 * What a command loads only when it is called lies in parts of its own: a part is read, compiled and
 * kept compiled by itself, and most commands need few of them.
 */
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { build, type Plugin } from 'esbuild'

const CLONE = join(import.meta.dirname, '..')
const DIST = join(CLONE, 'dist')

/** Bundled CommonJS packages call these three, which modules do not have. */
const COMMONJS_WORDS = [
  "import { createRequire } from 'node:module'",
  'const require = createRequire(import.meta.url)',
  'const __filename = import.meta.filename',
  'const __dirname = import.meta.dirname',
].join('\n')

/** Messages of the validator in fifty languages, of which none but English is ever asked for. */
const englishAlone: Plugin = {
  name: 'english-alone',
  setup({ onLoad }) {
    onLoad({ filter: /zod\/v4\/locales\/index\.js$/ }, () => ({
      contents: "export { default as en } from './en.js'",
    }))
  },
}

rmSync(DIST, { recursive: true, force: true })
const { metafile } = await build({
  absWorkingDir: CLONE,
  entryPoints: { locum: 'src/main.ts' },
  outdir: 'dist',
  chunkNames: 'parts/[name]-[hash]',
  bundle: true,
  splitting: true,
  platform: 'node',
  target: 'node24',
  format: 'esm',
  banner: { js: COMMONJS_WORDS },
  // Half the size, and the names stay for whoever reads a trace.
  minifyWhitespace: true,
  minifySyntax: true,
  plugins: [englishAlone],
  legalComments: 'none',
  metafile: true,
  logLevel: 'warning',
})
writeFileSync(join(DIST, 'LICENSES.txt'), licences(packagesIn(Object.keys(metafile.inputs))))

/** The folders of the packages that these files are of. */
function packagesIn(files: readonly string[]): string[] {
  const folder = /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/
  const found = files.flatMap((file) => folder.exec(file)?.[0] ?? [])
  return [...new Set(found)].sort()
}

function licences(folders: readonly string[]): string {
  return folders
    .map((folder) => {
      const { name, version, license } = JSON.parse(
        readFileSync(join(CLONE, folder, 'package.json'), 'utf8'),
      )
      const file = readdirSync(join(CLONE, folder)).find((entry) => /^licen[cs]e/i.test(entry))
      const text = file ? readFileSync(join(CLONE, folder, file), 'utf8').trim() : `(${license})`
      return `${name} ${version}\n\n${text}\n`
    })
    .join(`\n${'-'.repeat(72)}\n\n`)
}
