/** The program: its arguments to the command line, its exit code back. */
import { run } from './cli/cli.ts'

process.exitCode = await run(process.argv.slice(2))
