import { settingNames } from '../../src/config.ts'
import { readSecretFiles } from '../../src/config-secrets.ts'
import { LaunchError } from './launch-error.ts'

/** What the launcher reads from the environment. A part that the environment configures is not started. */
export type Settings = {
  dataDir: string
  port: number
  /** The program's own variables that were given; they win over the launcher's. */
  given: Record<string, string>
}

/** Throws a sentence when PORT is not a port, or a file that holds a secret cannot be read. */
export function readSettings(environment: Record<string, string | undefined>): Settings {
  const port = Number(environment.PORT || 3000)
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new LaunchError(`PORT=${environment.PORT} is not a port; use a number from 1 to 65535.`)
  }
  // Read here, because a demo value beside `…_FILE` would be one too many for the program.
  const { environment: read, problems } = readSecretFiles(environment)
  if (problems.length > 0) throw new LaunchError(problems.join('\n'))
  // The key service's library takes its credentials from variables of its own.
  const names = [...settingNames, ...Object.keys(read).filter((name) => name.startsWith('AWS_'))]
  const given: Record<string, string> = {}
  for (const name of names) {
    const value = read[name]
    if (value && name !== 'PORT') given[name] = value
  }
  return { dataDir: environment.DATA_DIR || '.data', port, given }
}
