/**
 * Set-up: makes this machine ready for `npm run demo` and `npm test`.
 *
 *   node setup/setup.ts           what the program needs
 *   node setup/setup.ts --tests   and what the tests from outside need
 *
 * It installs what is missing with apt-get when it may, and otherwise names the one line to type.
 * It knows nothing of the program; the program knows nothing of it.
 */
import { preparePython } from './python.ts'
import { preparePackages } from './system-packages.ts'

const forTests = process.argv.includes('--tests')
const ready = preparePackages(forTests) && (!forTests || preparePython())
// Without the packages the demo still runs, in its weak mode; the tests cannot pass.
if (!ready && forTests) process.exitCode = 1
